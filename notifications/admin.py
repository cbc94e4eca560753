"""The staff pages of this app, gathered from its packages so that Django finds them."""

from notifications.deliveries.admin import DeliveryAdmin

__all__ = ["DeliveryAdmin"]
