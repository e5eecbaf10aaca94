"""The catalogue of what must be public, and the columns it stands in."""

from gongkai.catalogue.models.columns import Column
from gongkai.catalogue.models.deeds import Deed
from gongkai.catalogue.models.items import Catalogue, CatalogueVersion, Item, ItemStandard

__all__ = ["Catalogue", "CatalogueVersion", "Column", "Deed", "Item", "ItemStandard"]
