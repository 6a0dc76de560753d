"""Which weights recognition uses here: the newest learned and not withdrawn, else those that come with Threadline."""

from threadline.core.identity.weights import Weights, shipped
from threadline.customers.models import IdentityModel
from threadline.lib.versions import Versions

versions = Versions(IdentityModel, Weights.read, shipped)
in_use, keep, go_back = versions.in_use, versions.keep, versions.go_back
