"""How we reach people: the plan of channels in versions, the two sides of a matter, what people allow us.

models    the versions, and what people said of being written to
plans     the plan in force, changed and taken back
fitting   what the plan says of the channels that we have
handing   the words that lead from public to private and back
"""
