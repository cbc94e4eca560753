from notifications.devices.models import Device


def is_registered(installation_key):
    return Device.objects.filter(installation_key=installation_key).exists()
