"""The catalogue of what must be public, and the columns it stands in."""

from gongkai.catalogue.models.columns import Column
from gongkai.catalogue.models.deeds import Deed
from gongkai.catalogue.models.imports import Import, ItemSource
from gongkai.catalogue.models.items import Catalogue, CatalogueVersion, Item, ItemStandard
from gongkai.catalogue.models.terms import Term

__all__ = ["Catalogue", "CatalogueVersion", "Column", "Deed", "Import", "Item", "ItemSource", "ItemStandard", "Term"]
