"""Look up devices."""

from notifications.devices.models import Device


def is_registered(installation_key: str) -> bool:
    """Whether a device has this installation key."""
    return Device.objects.filter(installation_key=installation_key).exists()
