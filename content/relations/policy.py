"""Who may say that a relation is a fact: whoever may publish, since it becomes public at once."""


def may_decide_on_relations(user):
    return user.is_active and user.has_perm("content.confirm_relation")
