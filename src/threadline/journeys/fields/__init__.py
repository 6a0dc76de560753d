"""Fields that a house adds to people and stories.

    models     which there are, and their values
    keeping    defining them: written, put in order, switched off and on
    changes    what a replay does again, and how it is undone
    settling   which value counts where people or stories became one
    seen       what an agent, a rule and the API see of them
    calls      the API

Filling one in is `actions.set_field`.
"""
