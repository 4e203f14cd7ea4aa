# SPDX-License-Identifier: Apache-2.0
"""Whole runs: a plan changes nothing and says what apply does; failures stay contained."""

import unittest

from tests.support import FolderTest

WHOLE = """
[file.settings]
path = "app/settings.ini"
content = "debug = no\\n"

[directory.app]
path = "app"
mode = "0750"

[line.hosts]
path = "hosts"
line = "192.0.2.7 db"
match = " db$"

[link.current]
path = "app/current"
target = "settings.ini"

[command.mark]
run = ["touch", "app/marked"]
creates = "app/marked"
after = ["directory.app"]
"""


class Runs(FolderTest):
    """Plan and apply."""

    def test_a_plan_says_what_apply_does_and_changes_nothing(self) -> None:
        self.write("hosts", "192.0.2.1 db\n")
        before = self.listing()
        planned = self.plan(WHOLE)
        self.assertEqual(self.listing(), before)
        self.assertEqual(planned, self.apply(WHOLE))
        self.assertEqual({result.status for result in planned}, {"changed"})
        self.assertEqual({result.status for result in self.apply(WHOLE)}, {"unchanged"})
        self.assertEqual({result.status for result in self.plan(WHOLE)}, {"unchanged"})

    def test_no_temporary_file_stays(self) -> None:
        self.apply(WHOLE)
        self.assertEqual([name for name in self.listing() if ".converge-" in name], [])

    def test_a_plan_takes_a_command_at_its_word(self) -> None:
        text = (
            '[command.unpack]\nrun = ["mkdir", "out"]\ncreates = "out"\n'
            '[file.a]\npath = "out/a"\ncontent = "x"\nafter = ["command.unpack"]\n'
        )
        self.assertEqual([result.status for result in self.plan(text)], ["changed", "changed"])
        self.assertEqual(self.plan(text), self.apply(text))

    def test_a_plan_sees_earlier_changes_of_each_kind(self) -> None:
        self.write("old", "x\n", 0o644)
        text = (
            '[file.old]\npath = "old"\nstate = "absent"\n'
            '[file.a]\npath = "a"\ncontent = "1\\n"\n'
            '[command.c]\nrun = ["true"]\nunless = ["no-such-program"]\n'
        )
        self.assertEqual({result.status for result in self.plan(text)}, {"changed"})
        self.assertEqual(self.listing(), {"old": "x\n"})

    def test_requires_skips_and_after_goes_on(self) -> None:
        text = (
            '[command.bad]\nrun = ["false"]\ncreates = "x"\n'
            '[file.needs]\npath = "needs"\ncontent = ""\nrequires = ["command.bad"]\n'
            '[file.too]\npath = "too"\ncontent = ""\nrequires = ["file.needs"]\n'
            '[file.later]\npath = "later"\ncontent = ""\nafter = ["command.bad"]\n'
        )
        expected = {
            "command.bad": "failed",
            "file.needs": "skipped",
            "file.too": "skipped",
            "file.later": "changed",
        }
        self.assertEqual(self.status(text), expected)


if __name__ == "__main__":
    unittest.main()
