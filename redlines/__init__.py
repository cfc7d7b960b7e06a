"""Two-player escalation games: write them as stories, find every equilibrium."""
from redlines.numbers import Amount, Number, Relation
from redlines.parameters import *
from redlines.play import *
from redlines.tree import *
from redlines.errors import *
