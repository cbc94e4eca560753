from rest_framework.routers import SimpleRouter

from api.v1.plans.indicators import IndicatorViewSet, MeasurementViewSet
from api.v1.plans.plans import PlanViewSet
from api.v1.plans.programmes import ProgrammeViewSet

router = SimpleRouter(trailing_slash=False)
router.register("programmes", ProgrammeViewSet, "programme")
router.register("plans", PlanViewSet, "plan")
router.register("indicators", IndicatorViewSet, "indicator")
router.register("measurements", MeasurementViewSet, "measurement")

urlpatterns = router.urls
