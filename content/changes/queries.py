from content.changes.models import Change


def public_changes():
    """What everybody may know, in commit order."""
    return Change.objects.filter(reader=None).order_by("pk")


def changes_after(last_change):
    """Public and private lines after that id, in commit order; for the post room."""
    return Change.objects.filter(pk__gt=last_change).order_by("pk")
