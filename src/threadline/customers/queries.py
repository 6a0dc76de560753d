"""Reads about people."""

from threadline.customers.models import Customer


def standing(number: int) -> Customer:
    """The customer behind an id, following merges: old ids redirect for ever. Cost: one query per merge followed."""
    customer = Customer.objects.get(pk=number)
    while customer.merged_into_id is not None:
        customer = Customer.objects.get(pk=customer.merged_into_id)
    return customer
