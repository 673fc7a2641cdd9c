"""SHACL shapes as SPARQL: whole sets of nodes are checked by one SELECT each, where SHACL goes node by node.

    shapes.py      a shapes graph read into Shape and Constraint
    paths.py       SHACL paths as SPARQL paths
    filters.py     what a SELECT leaves out, because it surely conforms
    judge.py       whether one value conforms
    sparql.py      constraints that are SPARQL themselves
    check.py       one shape on its focus nodes
    components.py  the SELECTs of each constraint component
    engine.py      targets, and one shape after the other

A SELECT finds suspects and `judge` decides, so that the report never depends on how an engine compares literals.
"""
