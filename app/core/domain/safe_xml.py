"""Read XML that nobody vouches for, element by element.

A document type declaration is refused as soon as it begins: without one there are no entities but XML's own five, so
nothing in the file can grow when it is read, or name another file.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from xml.parsers import expat

_CHUNK = 64 * 1024


class XmlError(ValueError):
    """The document is not well-formed XML, or not such as is read here; the message names the line."""


@dataclass(slots=True)
class Element:
    """One element: its own text, and the text of its children by their tags. Tags are without prefix."""

    tag: str
    attributes: Mapping[str, str]
    line: int
    parent: "Element | None"
    text: str = ""
    fields: dict[str, str] = field(default_factory=dict)

    @property
    def where(self) -> str:
        """The element's place, for people."""
        return f"line {self.line}, element {self.tag}"


def elements(content: bytes) -> Iterator[Element]:
    """Yield a document's elements as they end, so parents after their children. Raises XmlError, also half-way."""
    reader = _Reader()
    for start in range(0, len(content), _CHUNK):
        yield from reader.feed(content[start : start + _CHUNK])
    yield from reader.feed(b"", last=True)


def root_tag(content: bytes) -> str:
    """Return the name of a document's outermost element. Raises XmlError."""
    reader = _Reader()
    for start in range(0, len(content), _CHUNK):
        reader.feed(content[start : start + _CHUNK])
        if reader.root is not None:
            break
    else:
        reader.feed(b"", last=True)
    return "" if reader.root is None else reader.root


class _Reader:
    """Turns the parser's events into elements. `root` is the outermost tag once it has begun."""

    def __init__(self) -> None:
        self.root: str | None = None
        self._open: list[Element] = []
        self._ended: list[Element] = []
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartDoctypeDeclHandler = self._doctype
        self._parser.StartElementHandler = self._begin
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text

    def feed(self, data: bytes, *, last: bool = False) -> list[Element]:
        """Return the elements that ended in a piece of the document."""
        self._ended = []
        try:
            self._parser.Parse(data, last)
        except expat.ExpatError as error:
            words = expat.ErrorString(error.code)
            raise XmlError(f"line {error.lineno}: the XML is not well-formed: {words}") from error
        except XmlError:
            raise
        except (LookupError, ValueError) as error:
            raise XmlError(f"line 1: the XML's encoding cannot be read: {error}") from error
        return self._ended

    def _doctype(self, *_: object) -> None:
        raise XmlError(f"line {self._parser.CurrentLineNumber}: the XML has a DOCTYPE, which is refused")

    def _begin(self, tag: str, attributes: dict[str, str]) -> None:
        parent = self._open[-1] if self._open else None
        name = tag.rpartition(":")[2]
        self._open.append(Element(name, attributes, self._parser.CurrentLineNumber, parent))
        self.root = self.root or name

    def _end(self, _tag: str) -> None:
        element = self._open.pop()
        element.text = element.text.strip()
        if element.parent is not None:
            element.parent.fields[element.tag] = element.text
        self._ended.append(element)

    def _text(self, text: str) -> None:
        self._open[-1].text += text
