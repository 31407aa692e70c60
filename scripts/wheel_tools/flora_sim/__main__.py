"""``python3 -m flora_sim scenarios FOLDER`` copies the scenarios; all other uses go through the program."""

import sys

from . import copy_scenarios, main

if sys.argv[1:2] == ["scenarios"]:
    if len(sys.argv) != 3:
        sys.exit("usage: python3 -m flora_sim scenarios FOLDER")
    try:
        copies = copy_scenarios(sys.argv[2])
    except OSError as error:
        sys.exit(f"flora_sim: {error}")
    print(f"{len(copies)} scenarios are in {sys.argv[2]}")
else:
    main()
