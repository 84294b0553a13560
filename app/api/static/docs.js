SwaggerUIBundle({
  url: "openapi.json",
  dom_id: "#docs",
  deepLinking: true,
  // Swagger UI would send the document to its makers' server for a badge.
  validatorUrl: null,
});
