"""Flask extensions, made without an app; `create_app` binds them."""

from typing import TYPE_CHECKING, ClassVar

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import MetaData, Table
from sqlalchemy.orm import DeclarativeBase


class Base(DeclarativeBase):
    """Base of all models. Constraints get names, so that every database can migrate them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


db = SQLAlchemy(model_class=Base)

if TYPE_CHECKING:
    # `db.Model` is made at run time, where type checkers cannot follow.
    from flask_sqlalchemy.model import Model as _QueryProperty

    class Model(_QueryProperty, Base):
        """Base of the models, with the `query` of Flask-SQLAlchemy."""

        __abstract__ = True
        __table__: ClassVar[Table]
else:
    Model = db.Model
