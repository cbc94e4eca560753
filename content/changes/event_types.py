"""What the change log may record. Both lists are part of the public contract: entries are added, never changed."""

import enum


class EventType(enum.StrEnum):
    """What happened. `EVENT_TYPES` describes each."""

    DOCUMENT_PUBLISHED = "document.published"
    DOCUMENT_CORRECTED = "document.corrected"
    DOCUMENT_WITHDRAWN = "document.withdrawn"
    QUESTION_ANSWERED = "question.answered"
    QUESTION_RETURNED = "question.returned"
    QUESTION_CLOSED = "question.closed"
    QUESTION_BASIS_CHANGED = "question.basis_changed"
    QUESTION_CONFIRMED = "question.confirmed"
    QUESTION_WITHDRAWN = "question.withdrawn"
    DOCUMENT_AMENDED = "document.amended"
    AMENDMENT_WITHDRAWN = "document.amendment_withdrawn"
    STATUS_ENTERED = "document.status_entered"
    STATUS_AHEAD = "document.status_ahead"
    STATUS_CHANGED = "document.status_changed"
    EFFECT_DOUBTED = "document.effect_doubted"
    DOUBT_SETTLED = "document.doubt_settled"
    TEXT_DOUBTED = "document.text_doubted"
    TEXT_DOUBT_SETTLED = "document.text_doubt_settled"
    EVENT_ANNOUNCED = "event.announced"
    EVENT_CORRECTED = "event.corrected"
    EVENT_MOVED = "event.moved"
    EVENT_CANCELLED = "event.cancelled"
    EVENT_STARTS_SOON = "event.starts_soon"
    EVENT_HELD = "event.held"
    EVENT_RECORDED = "event.recorded"
    EVENT_SEAT_GIVEN = "event.seat_given"
    CONTEST_ANNOUNCED = "contest.announced"
    CONTEST_CORRECTED = "contest.corrected"
    CONTEST_CANCELLED = "contest.cancelled"
    CONTEST_ROUND_FROZEN = "contest.round_frozen"
    CONTEST_ROUND_OPENED = "contest.round_opened"
    CONTEST_ROUND_ENDS_SOON = "contest.round_ends_soon"
    CONTEST_ROUND_CLOSED = "contest.round_closed"
    CONTEST_QUESTION_VOIDED = "contest.question_voided"
    CONTEST_RESULTS_PUBLISHED = "contest.results_published"
    CONTEST_RESULT_GIVEN = "contest.result_given"
    CONTEST_IDENTITY_ASKED = "contest.identity_asked"
    CONTEST_DISQUALIFIED = "contest.disqualified"
    PEER_JOINED = "peer.joined"
    PEER_LEFT = "peer.left"
    PROVINCE_REDRAWN = "province.redrawn"
    PLAN_ADOPTED = "plan.adopted"
    PLAN_CORRECTED = "plan.corrected"
    PLAN_WITHDRAWN = "plan.withdrawn"
    INDICATOR_MEASURED = "indicator.measured"
    INDICATOR_CORRECTED = "indicator.corrected"
    INDICATOR_TARGET_PUBLISHED = "indicator.target_published"
    MATERIAL_PUBLISHED = "material.published"
    MATERIAL_CORRECTED = "material.corrected"
    MATERIAL_WITHDRAWN = "material.withdrawn"
    MATERIAL_BASIS_CHANGED = "material.basis_changed"
    MATERIAL_CONFIRMED = "material.confirmed"
    LAYER_PUBLISHED = "layer.published"
    LAYER_OUTDATED = "layer.outdated"
    LAYER_WITHDRAWN = "layer.withdrawn"
    PLAYLIST_PUBLISHED = "playlist.published"
    PLAYLIST_CHANGED = "playlist.changed"
    PLAYLIST_WITHDRAWN = "playlist.withdrawn"
    CHANNEL_SCHEDULED = "channel.scheduled"
    CHANNEL_STARTS_LIVE = "channel.starts_live"
    CHANNEL_WITHDRAWN = "channel.withdrawn"


class Nature(enum.StrEnum):
    """Whether the law changed, or only our copy of it."""

    LEGAL = "legal"  # the law itself changed
    EDITORIAL = "editorial"  # our copy or its description was improved; the law did not change
    CORRECTION = "correction"  # the author corrected the text: the issuing body (đính chính), or we a question's copy
    WITHDRAWAL = "withdrawal"  # we withdrew something we had published


EVENT_TYPES: dict[EventType, str] = {
    EventType.DOCUMENT_PUBLISHED: "A legal document became public.",
    EventType.DOCUMENT_CORRECTED: "The published copy of a legal document was improved.",
    EventType.DOCUMENT_WITHDRAWN: "A published document was withdrawn. Its address now gives the reason, or nothing.",
    EventType.QUESTION_ANSWERED: "A question was answered. A change with a reader concerns their own question.",
    EventType.QUESTION_RETURNED: "A reader is asked for more detail (private).",
    EventType.QUESTION_CLOSED: "A reader's question was closed without an answer of its own (private).",
    EventType.QUESTION_BASIS_CHANGED: (
        "The law that a published answer cites has changed. The answer has not been reviewed yet."
    ),
    EventType.QUESTION_CONFIRMED: "An answer was reviewed after the law it cites had changed, and is still correct.",
    EventType.QUESTION_WITHDRAWN: "A published question was withdrawn.",
    EventType.DOCUMENT_AMENDED: (
        "Another document changes provisions of this one from a given date. The change names the provisions."
    ),
    EventType.AMENDMENT_WITHDRAWN: (
        "An amendment had been entered by mistake. The named provisions have their earlier text again."
    ),
    EventType.STATUS_ENTERED: "A document's effect was entered: repeal, suspension, or a separate date for a part.",
    EventType.STATUS_AHEAD: "The effect of a document, or of the named provisions, changes tomorrow.",
    EventType.STATUS_CHANGED: "The effect of a document, or of the named provisions, changed on this date.",
    EventType.EFFECT_DOUBTED: (
        "An act says something about the effect of a document that nobody has checked. Nobody is notified."
    ),
    EventType.DOUBT_SETTLED: "A doubt about the effect of a document ended: checked, or over. Nobody is notified.",
    EventType.TEXT_DOUBTED: "An act amends a document in a way that is not applied to its text. Nobody is notified.",
    EventType.TEXT_DOUBT_SETTLED: "A doubt about the text of a document ended. Nobody is notified.",
    EventType.EVENT_ANNOUNCED: "An event became public.",
    EventType.EVENT_CORRECTED: "The description of an event was improved. Its time and place are the same.",
    EventType.EVENT_MOVED: "An event has another time or place. The change has the earlier ones and the reason.",
    EventType.EVENT_CANCELLED: "An event was cancelled. The change has the reason.",
    EventType.EVENT_STARTS_SOON: "An event starts within the given hours. Meant for its followers and participants.",
    EventType.EVENT_HELD: "An event has ended.",
    EventType.EVENT_RECORDED: "A recording of an event was added.",
    EventType.EVENT_SEAT_GIVEN: "A reader on the waiting list got a seat (private).",
    EventType.CONTEST_ANNOUNCED: "A contest became public, with its rules and rounds.",
    EventType.CONTEST_CORRECTED: "The description of a contest was improved. What decides the ranks is the same.",
    EventType.CONTEST_CANCELLED: "A contest was cancelled. The change has the reason.",
    EventType.CONTEST_ROUND_FROZEN: (
        "The questions of a round are fixed. The change has the hashes of the seed and of the pool."
    ),
    EventType.CONTEST_ROUND_OPENED: "A round has begun.",
    EventType.CONTEST_ROUND_ENDS_SOON: "A round ends within 24 hours.",
    EventType.CONTEST_ROUND_CLOSED: (
        "A round has ended and its ranks are final. The change has the seed: anyone can derive the papers again."
    ),
    EventType.CONTEST_QUESTION_VOIDED: "A question of a round counts for nobody. The change has the reason.",
    EventType.CONTEST_RESULTS_PUBLISHED: "The organiser published the results of a contest.",
    EventType.CONTEST_RESULT_GIVEN: "A contestant can see their result (private).",
    EventType.CONTEST_IDENTITY_ASKED: "A proposed winner is asked who they are (private).",
    EventType.CONTEST_DISQUALIFIED: "A contestant was taken out of the ranking, and may object (private).",
    EventType.PEER_JOINED: "Copies of the objects of another installation arrive here from now on.",
    EventType.PEER_LEFT: "No copies of the objects of another installation arrive here any more.",
    EventType.PROVINCE_REDRAWN: "Provinces were merged or redrawn into this one. The change names them.",
    EventType.PLAN_ADOPTED: "A plan of an organisation became public here. Nobody is notified.",
    EventType.PLAN_CORRECTED: "The description of a public plan was improved. Nobody is notified.",
    EventType.PLAN_WITHDRAWN: "A plan was withdrawn. Nobody is notified.",
    EventType.INDICATOR_MEASURED: "A measurement of an indicator became public. Nobody is notified.",
    EventType.INDICATOR_CORRECTED: "A measurement replaces an earlier one, which stays. Nobody is notified.",
    EventType.INDICATOR_TARGET_PUBLISHED: "A target of an indicator became public. Nobody is notified.",
    EventType.MATERIAL_PUBLISHED: "A material became public.",
    EventType.MATERIAL_CORRECTED: "A published material was improved.",
    EventType.MATERIAL_WITHDRAWN: "A material was withdrawn. Its address now gives the reason.",
    EventType.MATERIAL_BASIS_CHANGED: (
        "The law that a published material cites has changed. The material has not been reviewed yet."
    ),
    EventType.MATERIAL_CONFIRMED: "A material was reviewed after the law it cites had changed, and is still correct.",
    EventType.LAYER_PUBLISHED: "A layer explains a provision, for the first time or again.",
    EventType.LAYER_OUTDATED: "A provision changed. The layer explains other words and is not shown with it.",
    EventType.LAYER_WITHDRAWN: "A layer was withdrawn.",
    EventType.PLAYLIST_PUBLISHED: "A playlist became public. Nobody is notified.",
    EventType.PLAYLIST_CHANGED: "A public playlist changed. The change names the materials that were added.",
    EventType.PLAYLIST_WITHDRAWN: "A playlist is not public any more. Nobody is notified.",
    EventType.CHANNEL_SCHEDULED: "A channel became public, or its schedule changed. Nobody is notified.",
    EventType.CHANNEL_STARTS_LIVE: "Something starts live on a channel. The change has its title and times.",
    EventType.CHANNEL_WITHDRAWN: "A channel is not public any more. Nobody is notified.",
}
PRIVATE_EVENT_TYPES = (
    EventType.QUESTION_RETURNED,
    EventType.QUESTION_CLOSED,
    EventType.EVENT_SEAT_GIVEN,
    EventType.CONTEST_RESULT_GIVEN,
    EventType.CONTEST_IDENTITY_ASKED,
    EventType.CONTEST_DISQUALIFIED,
)
PUBLIC_EVENT_TYPES = tuple(each for each in EVENT_TYPES if each not in PRIVATE_EVENT_TYPES)
NATURES = tuple(Nature)
REMOVING_EVENT_TYPES = (  # those that may take words out of what is public; the fact `removes_words` says whether
    EventType.DOCUMENT_WITHDRAWN,
    EventType.DOCUMENT_CORRECTED,
    EventType.AMENDMENT_WITHDRAWN,  # the text that it gave is gone
    EventType.QUESTION_WITHDRAWN,
    EventType.QUESTION_ANSWERED,
    EventType.EVENT_CORRECTED,
    EventType.EVENT_CANCELLED,
    EventType.EVENT_RECORDED,  # not EVENT_MOVED: the earlier place and address stay public
    EventType.CONTEST_CORRECTED,
    EventType.CONTEST_CANCELLED,
    EventType.MATERIAL_CORRECTED,
    EventType.MATERIAL_WITHDRAWN,
    EventType.LAYER_WITHDRAWN,
    EventType.PLAN_CORRECTED,
    EventType.PLAN_WITHDRAWN,
)

DOCUMENT_PUBLISHED = EventType.DOCUMENT_PUBLISHED
DOCUMENT_CORRECTED = EventType.DOCUMENT_CORRECTED
DOCUMENT_WITHDRAWN = EventType.DOCUMENT_WITHDRAWN
QUESTION_ANSWERED = EventType.QUESTION_ANSWERED
QUESTION_RETURNED = EventType.QUESTION_RETURNED
QUESTION_CLOSED = EventType.QUESTION_CLOSED
QUESTION_BASIS_CHANGED = EventType.QUESTION_BASIS_CHANGED
QUESTION_CONFIRMED = EventType.QUESTION_CONFIRMED
QUESTION_WITHDRAWN = EventType.QUESTION_WITHDRAWN
DOCUMENT_AMENDED = EventType.DOCUMENT_AMENDED
AMENDMENT_WITHDRAWN = EventType.AMENDMENT_WITHDRAWN
STATUS_ENTERED = EventType.STATUS_ENTERED
STATUS_AHEAD = EventType.STATUS_AHEAD
STATUS_CHANGED = EventType.STATUS_CHANGED
EFFECT_DOUBTED = EventType.EFFECT_DOUBTED
DOUBT_SETTLED = EventType.DOUBT_SETTLED
TEXT_DOUBTED = EventType.TEXT_DOUBTED
TEXT_DOUBT_SETTLED = EventType.TEXT_DOUBT_SETTLED
EVENT_ANNOUNCED = EventType.EVENT_ANNOUNCED
EVENT_CORRECTED = EventType.EVENT_CORRECTED
EVENT_MOVED = EventType.EVENT_MOVED
EVENT_CANCELLED = EventType.EVENT_CANCELLED
EVENT_STARTS_SOON = EventType.EVENT_STARTS_SOON
EVENT_HELD = EventType.EVENT_HELD
EVENT_RECORDED = EventType.EVENT_RECORDED
EVENT_SEAT_GIVEN = EventType.EVENT_SEAT_GIVEN
PROVINCE_REDRAWN = EventType.PROVINCE_REDRAWN
PLAN_ADOPTED = EventType.PLAN_ADOPTED
PLAN_CORRECTED = EventType.PLAN_CORRECTED
PLAN_WITHDRAWN = EventType.PLAN_WITHDRAWN
INDICATOR_MEASURED = EventType.INDICATOR_MEASURED
INDICATOR_CORRECTED = EventType.INDICATOR_CORRECTED
INDICATOR_TARGET_PUBLISHED = EventType.INDICATOR_TARGET_PUBLISHED

LEGAL = Nature.LEGAL
EDITORIAL = Nature.EDITORIAL
CORRECTION = Nature.CORRECTION
WITHDRAWAL = Nature.WITHDRAWAL
