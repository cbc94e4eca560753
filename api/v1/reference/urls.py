from rest_framework.routers import SimpleRouter

from api.v1.reference.organisations import OrganisationViewSet
from api.v1.reference.provinces import ProvinceViewSet
from api.v1.reference.topics import TopicViewSet

router = SimpleRouter(trailing_slash=False)
router.register("topics", TopicViewSet, "topic")
router.register("organisations", OrganisationViewSet, "organisation")
router.register("provinces", ProvinceViewSet, "province")

urlpatterns = router.urls
