"""The words above a column: which field they name, whether they are a size, whether they label a sum."""

import re
from collections.abc import Mapping

from floor_app.domain.orders import likeness, plain_text

FIELDS = ("code", "client", "contract", "style", "due", "colour", "size", "quantity", "total")
NOT_USED = "other"

# Matched as whole titles, after _title_words(); where two columns fit one field, the earlier word wins.
_TITLES: Mapping[str, tuple[str, ...]] = {
    "code": (
        "of|o f|ordre fabrication|ordres fabrication|code of|ref of|reference of|bon fabrication|manufacturing order|mo",
        "work order|production order|ordre|commande|bon commande|bc|code commande|ref commande|reference commande",
        "commande client|bon commande client|order|order code|order id|sales order|purchase order|po|call off order",
    ),
    "client": (
        "client|nom client|client final|donneur ordre|donneurs ordre|donneur ordres|donneurs ordres|acheteur",
        "pour compte|customer|customer name|client name|buyer",
    ),
    "contract": (
        "marche|marche public|contrat|accord cadre|marche lot|marche accord cadre|code marche|ref marche",
        "reference marche|ref contrat|reference contrat|contract|public contract|framework|framework agreement",
        "framework contract|tender",
    ),
    "style": (
        "modele|style|nom modele|code modele|ref modele|reference modele|article|nom article|code article|ref article",
        "reference article|produit|ref produit|reference produit|reference|references|ref|model|style code|style name",
        "style ref|product|item|item code|designation|libelle|designation article|libelle article",
    ),
    "due": (
        "date livraison|echeance|date echeance|delai livraison|livraison|livraison avant|delai|date limite",
        "date limite livraison|livrer pour|livrer avant|due date|date due|due|delivery date|date delivery|delivery",
        "ship date|deadline",
    ),
    "colour": ("coloris|couleur|couleurs|teinte|coloris tissu|couleur tissu|nom coloris|colour|color|colour name",),
    "size": ("taille|tailles|pointure|pointures|taille pointure|size|sizes",),
    "quantity": (
        "quantite|quantites|qte|qtes|qt|qty|quantity|quantite commandee|qte commandee|quantite fabriquer",
        "qte fabriquer|quantite produire|qte produire|quantite pieces|qte pieces|qte pcs|nombre|nbre|nb|nombre pieces",
        "nbre pieces|nb pieces|nb pcs|pieces|pcs|pces",
    ),
    "total": (
        "total|totaux|total pieces|total pcs|total general|total quantite|total quantites|total qte|quantite totale",
        "qte totale|total commande|total of|total ligne|total quantity|total qty|total order|grand total|somme|sum",
    ),
    NOT_USED: (
        "tissu|matiere|composition|observation|observations|commentaire|commentaires|remarque|remarques|note|notes",
        "prix|prix unitaire|pu|pu ht|montant|montant ht|total ht|total ttc|ean|ean13|gencod|code barres|poids|laize",
        "unite|date|date commande|ligne|adresse|adresse livraison|lieu livraison|contact|statut|etat|priorite|genre",
        "fabric|comment|comments|price|unit price|amount|barcode|unit|line|remarks|order date|address",
    ),
}
_RANKS: Mapping[str, tuple[str, int]] = {
    title: (name, rank) for name, groups in _TITLES.items() for rank, title in enumerate("|".join(groups).split("|"))
}
_LITTLE_WORDS = frozenset(
    ("de", "du", "des", "d", "la", "le", "les", "l", "a", "au", "en", "n", "no", "nr", "num", "numero", "number")
)
_KIND_OF_DATE = frozenset(("souhaitee", "prevue", "demandee"))
_TOTAL_WORDS = re.compile(r"(?:sous |grand |sub)?(?:total|totaux)(?: .*)?|.+ total", re.DOTALL)

_LETTERS = r"(?:(?:[2-9]x|x{0,5})[sl]|m)"
_SIZE = re.compile(
    rf"(?:taille|t)?{_LETTERS}(?:[-/]{_LETTERS})?|t\d{{1,2}}(?:[-/]\d{{1,2}})?|taille\d{{1,2}}"
    r"|\d{1,2}(?:[-/a]\d{1,2})?(?:ans?|mois|m|a|years?|y|months?)"
    r"|(?:3[4-9]|[45]\d|6[0-4])[-/](?:3[4-9]|[45]\d|6[0-4])"
    r"|tu|u|unique|tailleunique|onesize|os"
)
_BARE_SIZE = re.compile(r"[1-9]|[1-5]\d|6[0-4]")


def field_of(title: str) -> str | None:
    """The field a column title stands for, `NOT_USED` for a known one no order needs, None for any other text."""
    found = field_and_rank(title)
    return found[0] if found else None


def is_total(text: str) -> bool:
    """« Total », « Sous-total », « Total général », « Total Blanc »: the label of a sum, never a size or a colour."""
    return _TOTAL_WORDS.fullmatch(" ".join(re.findall(r"\w+", likeness(text)))) is not None


def is_size(title: str) -> bool:
    """XS … XXL, 2XL, T1, 36/38, « 6 ans », « 12 mois », TU, « Taille unique »."""
    return _SIZE.fullmatch(re.sub(r"[\s.]", "", likeness(title))) is not None


def bare_size(title: str) -> int | None:
    """34, 36, 2, 4: a number that is a size only among its like."""
    return int(title) if _BARE_SIZE.fullmatch(title) else None


def field_and_rank(title: str) -> tuple[str, int] | None:
    """The field of a title and how far down its list the title stands: 0 fits best."""
    if len(title) > 60 or not title:
        return None
    return _RANKS.get(_title_words(title)) or _RANKS.get(_title_words(re.sub(r"\(.*?\)", " ", title)))


def _title_words(title: str) -> str:
    words = re.findall(r"[a-z0-9]+", likeness(plain_text(title)))
    return " ".join(word for word in words if word not in _LITTLE_WORDS | _KIND_OF_DATE)
