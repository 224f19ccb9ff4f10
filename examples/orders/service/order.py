"""What an order is: the catalogue, the rules of a valid order, its prices."""

from decimal import Decimal

PRICES = {
    "book": Decimal("12.50"),
    "pen": Decimal("1.20"),
    "lamp": Decimal("39.90"),
    "fireworks": Decimal("25.00"),
}
HAZARDOUS = frozenset({"fireworks"})
MAX_QUANTITY = 100
MAX_REFERENCE_LENGTH = 64
FIELDS = ("product", "quantity", "reference")

Errors = list[dict[str, str]]


def problems(document: object) -> Errors:
    """Everything that is wrong with an order as it was sent; empty when it is valid."""
    if not isinstance(document, dict):
        return [_error("", "the body must be a JSON object")]
    unknown = [_error(name, "is not a field of an order") for name in document if name not in FIELDS]
    return unknown + _product_problems(document) + _quantity_problems(document) + _reference_problems(document)


def total(product: str, quantity: int) -> Decimal:
    """The price of an order."""
    return PRICES[product] * quantity


def rejection(product: str) -> str | None:
    """Why an order of this product cannot be carried out, or None."""
    return f"{product} cannot be shipped: hazardous goods" if product in HAZARDOUS else None


def _product_problems(document: dict) -> Errors:
    product = document.get("product")
    if product is None:
        return [_error("product", "is missing")]
    if not isinstance(product, str) or product not in PRICES:
        return [_error("product", f"must be one of {', '.join(sorted(PRICES))}")]
    return []


def _quantity_problems(document: dict) -> Errors:
    quantity = document.get("quantity")
    if quantity is None:
        return [_error("quantity", "is missing")]
    if isinstance(quantity, bool) or not isinstance(quantity, int) or not 1 <= quantity <= MAX_QUANTITY:
        return [_error("quantity", f"must be a whole number from 1 to {MAX_QUANTITY}")]
    return []


def _reference_problems(document: dict) -> Errors:
    reference = document.get("reference", "")
    if isinstance(reference, str) and len(reference) <= MAX_REFERENCE_LENGTH:
        return []
    return [_error("reference", f"must be text of at most {MAX_REFERENCE_LENGTH} characters")]


def _error(field: str, message: str) -> dict[str, str]:
    return {"field": field, "message": message}
