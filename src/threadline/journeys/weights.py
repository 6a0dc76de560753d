"""Which weights stitching uses here: the newest learned and not withdrawn, else those that come with Threadline."""

from threadline.core.stitching import Model, shipped
from threadline.journeys.models import StitchingModel
from threadline.lib.versions import Versions

versions = Versions(StitchingModel, Model.read, shipped)
in_use, keep, go_back = versions.in_use, versions.keep, versions.go_back
