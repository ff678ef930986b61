"""Writes every workflow that a Markdown file shows into a folder: `workflows.py FILE.md FOLDER`.

In prose the action goes by a name that its readers fill in; for linters it gets one that has a commit.
"""

import pathlib
import re
import sys

source, folder = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
folder.mkdir(parents=True, exist_ok=True)
blocks = re.findall(r"^```yaml\n(.*?)^```", source.read_text(), re.DOTALL | re.MULTILINE)
workflows = [block for block in blocks if re.search(r"^jobs:", block, re.MULTILINE)]
if not workflows:
    sys.exit(f"{source}: shows no workflow")
for number, workflow in enumerate(workflows):
    workflow = re.sub(r"uses: OWNER/jvxleaks@COMMIT", f"uses: example/jvxleaks@{'1' * 40}", workflow)
    (folder / f"{number}.yml").write_text(workflow)
