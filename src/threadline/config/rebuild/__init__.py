"""`threadline rebuild`: the history resolved and stitched anew, beside what stands, on one machine or on Spark."""
