"""Finding the people in a table of records: candidate pairs, how alike they are, and clusters that hold together.

For training and measuring. Works on any table: what is compared is chosen by which columns there are.
"""

from threadline.core.identity.linkage.candidates import candidates
from threadline.core.identity.linkage.clusters import clusters, one_to_one
from threadline.core.identity.linkage.columns import Kind, Table, table_of
from threadline.core.identity.linkage.features import features

__all__ = ["Kind", "Table", "candidates", "clusters", "features", "one_to_one", "table_of"]
