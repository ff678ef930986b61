"""Runs the steps of a composite action as a runner would: inputs, conditions, outputs, environment.

Covers what our action.yml uses and stops at anything else, so that it cannot pass by not understanding.
"""

import os
import pathlib
import re
import subprocess
import tempfile

import yaml


class Unknown(Exception):
    """An expression that this runner does not know."""


class Run:
    """One run of an action: what each step printed and ended with."""

    def __init__(self, action, inputs, environment, folder, uploads=True):
        self.action = pathlib.Path(action).resolve()
        self.definition = yaml.safe_load((self.action / "action.yml").read_text())
        declared = self.definition["inputs"]
        assert set(inputs) <= set(declared), f"no such input: {set(inputs) - set(declared)}"
        self.inputs = {name: str(given.get("default", "")) for name, given in declared.items()} | inputs
        self.environment, self.folder, self.uploads = environment, folder, uploads
        self.steps, self.log, self.code, self.uploaded = {}, "", 0, None
        self.summary = ""
        with tempfile.TemporaryDirectory() as scratch:
            self.scratch = pathlib.Path(scratch)
            for number, step in enumerate(self.definition["runs"]["steps"]):
                self.step(number, step)
            self.outputs = {
                name: self.text(given["value"]) for name, given in self.definition["outputs"].items()
            }

    def step(self, number, step):
        known = {"name", "id", "if", "env", "run", "shell", "uses", "with", "continue-on-error"}
        assert set(step) <= known, f"keys that this runner does not know: {set(step) - known}"
        record = self.steps[step.get("id", str(number))] = {"outputs": {}, "outcome": "skipped"}
        if self.code or ("if" in step and not self.holds(step["if"])):
            return
        if "uses" in step:
            assert re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", step["uses"]), f"not pinned: {step['uses']}"
            self.uploaded = {name: self.text(value) for name, value in step["with"].items()}
            self.uploaded["content"] = pathlib.Path(self.uploaded["sarif_file"]).read_text()
            record["outcome"] = "success" if self.uploads else "failure"
            assert self.uploads or step["continue-on-error"] is True
            return
        assert step["shell"] == "bash"
        assert "${{" not in step["run"], "an expression in a script is an injection"
        output = self.scratch / f"output-{number}"
        summary = self.scratch / f"summary-{number}"
        output.touch()
        environment = self.environment | {
            "GITHUB_ACTIONS": "true",
            "GITHUB_ACTION_PATH": str(self.action),
            "GITHUB_OUTPUT": str(output),
            "GITHUB_STEP_SUMMARY": str(summary),
            "RUNNER_TEMP": str(self.scratch),
            "RUNNER_OS": "Linux",
            "RUNNER_ARCH": "X64",
        }
        environment |= {name: self.text(value) for name, value in step.get("env", {}).items()}
        script = self.scratch / "script.sh"
        script.write_text(step["run"])
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)],
            cwd=self.folder, env=environment, capture_output=True, text=True, timeout=120,
        )
        self.log += done.stdout + done.stderr
        record["outputs"] = outputs(output.read_text())
        record["outcome"] = "success" if done.returncode == 0 else "failure"
        if summary.exists():
            self.summary += summary.read_text()
        self.code = done.returncode

    def text(self, template):
        return re.sub(r"\$\{\{(.*?)\}\}", lambda found: str(self.value(found[1].strip())), str(template))

    def value(self, expression):
        if found := re.fullmatch(r"inputs\.([\w-]+)", expression):
            return self.inputs[found[1]]
        if found := re.fullmatch(r"steps\.([\w-]+)\.outputs\.([\w-]+)", expression):
            return self.steps.get(found[1], {}).get("outputs", {}).get(found[2], "")
        if found := re.fullmatch(r"steps\.([\w-]+)\.outcome", expression):
            return self.steps[found[1]]["outcome"]
        if expression == "github.action_repository":
            return "example/jvxleaks"
        if found := re.fullmatch(r"'([^']*)'", expression):
            return found[1]
        raise Unknown(expression)

    def holds(self, condition):
        condition = re.sub(r"^\$\{\{|\}\}$", "", condition.strip()).strip()
        if found := re.fullmatch(r"(\S+) (==|!=) (\S+)", condition):
            return (self.value(found[1]) == self.value(found[3])) == (found[2] == "==")
        raise Unknown(condition)


def outputs(text):
    """The outputs of a step, each on one line or between delimiters."""
    values, lines = {}, iter(text.splitlines())
    for line in lines:
        if found := re.fullmatch(r"([\w-]+)<<(.+)", line):
            value = []
            for line in lines:
                if line == found[2]:
                    break
                value.append(line)
            values[found[1]] = "\n".join(value)
        else:
            name, value = line.split("=", 1)
            values[name] = value
    return values
