from rest_framework import serializers


class TextField(serializers.CharField):
    """A JSON string and nothing else: DRF's CharField takes a number for one, which the contract does not."""

    def to_internal_value(self, data):
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)
