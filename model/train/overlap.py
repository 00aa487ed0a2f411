"""Finds training lines that share eight words in a row with the evaluation questions, so that they can be left out. Shows nothing of those."""
import re
from pathlib import Path

RUN = 8


def words_of(text):
    """Lower-case words; a number or a slot of the authored text is `#`."""
    text = re.sub(r'\{[^{}]*\}|<[^<>]*>|\d[\d.,]*', ' # ', text.lower())
    return re.findall(r"#|[^\W\d_]+", text)


def runs(text):
    words = words_of(text)
    return {tuple(words[at:at + RUN]) for at in range(len(words) - RUN + 1)}


def evaluation_runs(folder):
    """All runs of eight words in the files of a folder."""
    found = set()
    for path in sorted(Path(folder).rglob('*')) if folder else []:
        if path.is_file():
            for line in path.read_text(errors='ignore').splitlines():
                found |= runs(line)
    return {run for run in found if run.count('#') < 4}  # mostly numbers says nothing
