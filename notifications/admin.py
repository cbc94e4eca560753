"""The desk of the post room, collected from its rooms, so that Django finds it in one app."""

from notifications.deliveries.admin import DeliveryAdmin

__all__ = ["DeliveryAdmin"]
