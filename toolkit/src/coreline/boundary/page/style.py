# SPDX-License-Identifier: Apache-2.0
"""The style sheet and the script of a page. Both are small, and neither loads anything."""

STYLE = """
:root { color-scheme: light dark; --paper: #fff; --ink: #1d2330; --soft: #5b6474; --line: #dfe3ea;
  --card: #f6f7f9; --broken: #b3261e; --tight: #8a5a00; --loose: #1b6e3c; --link: #1f5fbf; }
@media (prefers-color-scheme: dark) { :root { --paper: #14171d; --ink: #e7eaf0; --soft: #9aa4b5;
  --line: #2b313c; --card: #1c2028; --broken: #ff8a80; --tight: #f2c063; --loose: #7fd6a0;
  --link: #8ab4f8; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink);
  font: 15px/1.5 system-ui, sans-serif; }
main { max-width: 1080px; margin: 0 auto; padding: 32px 20px 64px; }
h1 { font-size: 22px; margin: 0 0 4px; } h2 { font-size: 17px; margin: 36px 0 10px; }
.soft { color: var(--soft); } .broken { color: var(--broken); } .tight { color: var(--tight); }
.loose, .kept { color: var(--loose); }
.cards { display: flex; flex-wrap: wrap; gap: 12px; margin: 20px 0 0; padding: 0;
  list-style: none; }
.cards li { flex: 1 1 130px; background: var(--card); border: 1px solid var(--line);
  border-radius: 8px; padding: 10px 14px; }
.cards b { display: block; font-size: 22px; font-weight: 600; }
.tools { display: flex; flex-wrap: wrap; gap: 10px; align-items: center; margin: 0 0 12px; }
input, select { font: inherit; color: inherit; background: var(--paper); padding: 6px 10px;
  border: 1px solid var(--line); border-radius: 6px; min-width: 0; }
input { flex: 1 1 220px; }
details { border: 1px solid var(--line); border-radius: 8px; margin: 0 0 10px; }
summary { cursor: pointer; padding: 9px 14px; background: var(--card); border-radius: 8px;
  overflow-wrap: anywhere; }
details[open] > summary { border-bottom: 1px solid var(--line); border-radius: 8px 8px 0 0; }
article { padding: 10px 14px; border-top: 1px solid var(--line); }
article:first-of-type { border-top: 0; }
article p { margin: 0 0 4px; overflow-wrap: anywhere; }
pre { margin: 4px 0; padding: 6px 10px; background: var(--card); border-radius: 6px;
  overflow-x: auto; font: 13px/1.45 ui-monospace, monospace; }
mark { background: none; color: inherit; border-bottom: 2px solid var(--broken); }
code { font: 13px ui-monospace, monospace; }
table { border-collapse: collapse; width: 100%; }
td, th { text-align: left; padding: 5px 10px 5px 0;
  border-bottom: 1px solid var(--line); vertical-align: top; overflow-wrap: anywhere; }
.tag { border: 1px solid currentColor; border-radius: 99px; padding: 0 8px; font-size: 12px; }
figure { margin: 0; overflow-x: auto; } figure svg { max-width: 100%; height: auto; }
[hidden] { display: none; }
"""

SCRIPT = """
const text = document.querySelector('#text'), grade = document.querySelector('#grade');
function show() {
  const words = text.value.toLowerCase().split(/\\s+/).filter(Boolean);
  let shown = 0;
  for (const group of document.querySelectorAll('details.file')) {
    let any = false;
    for (const one of group.querySelectorAll('article')) {
      const said = (group.dataset.path + ' ' + one.textContent).toLowerCase();
      const fits = words.every((word) => said.includes(word))
        && (!grade.value || one.dataset.grade === grade.value);
      one.hidden = !fits; any ||= fits; shown += fits;
    }
    group.hidden = !any;
  }
  document.querySelector('#shown').textContent = shown + ' shown';
}
text.addEventListener('input', show); grade.addEventListener('change', show);
"""
