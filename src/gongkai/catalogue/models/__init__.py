"""The catalogue of what must be public, the columns it stands in, and how both are kept alive."""

from gongkai.catalogue.models.columns import Column
from gongkai.catalogue.models.deeds import Deed
from gongkai.catalogue.models.expansion import Expansion
from gongkai.catalogue.models.imports import Import, ImportFault, ItemSource
from gongkai.catalogue.models.items import Catalogue, CatalogueVersion, Item, ItemStandard
from gongkai.catalogue.models.keeping import KeepingTerms
from gongkai.catalogue.models.negative import NegativeClass, NegativeReview
from gongkai.catalogue.models.sectors import PublicBody
from gongkai.catalogue.models.sites import Site, SiteCheck
from gongkai.catalogue.models.suggestions import Suggestion
from gongkai.catalogue.models.terms import Term

__all__ = [
    "Catalogue",
    "CatalogueVersion",
    "Column",
    "Deed",
    "Expansion",
    "Import",
    "ImportFault",
    "Item",
    "ItemSource",
    "ItemStandard",
    "KeepingTerms",
    "NegativeClass",
    "NegativeReview",
    "PublicBody",
    "Site",
    "SiteCheck",
    "Suggestion",
    "Term",
]
