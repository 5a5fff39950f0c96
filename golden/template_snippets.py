"""More small templates for make_template_cases.py, one a line; ¶ stands for a line end.

They follow the chapters of Jinja's template documentation rather than what chat templates use today. Left out is
what the engine refuses on purpose: urlize and lipsum (for web pages), random (another choice each time), complex
numbers, bytes (encode, to_bytes), translate.
"""

SNIPPETS = r"""
{{ xs | batch(2, 'z') | map('join', '-') | list }}
{{ range(10) | batch(3) | list }}
{{ [] | batch(3) | list }}
{{ range(10) | slice(3) | list }}
{{ range(10) | slice(4, 'f') | list }}
{{ [] | slice(2) | list }}
{{ xs | batch(0) | list }}
{{ xs | slice(0) | list }}
{{ xs | batch(-1) | list }}
{{ 'hello world' | capitalize }}
{{ 42 | capitalize }}
{{ none | upper }}
{{ 3.5 | lower }}
{{ [1,2] | upper }}
{{ 'foo' | center(10) }}|
{{ 'foo' | center }}|
{{ 'foo' | center(width=7) }}|
{{ 5 | center(9) }}|
{{ missing | center(4) }}|
{{ missing | upper }}|
{{ missing | trim }}|
{{ missing | replace('a', 'b') }}|
{{ missing | join(',') }}|
{{ missing | first }}|
{{ missing | last }}|
{{ missing | int }}
{{ missing | float }}
{{ missing | abs }}
{{ missing | round }}
{{ missing | sort }}
{{ missing | unique | list }}
{{ missing | sum }}
{{ missing | min }}
{{ missing | map('upper') | list }}
{{ missing | select | list }}
{{ missing | dictsort }}
{{ missing | items | list }}
{{ missing | batch(2) | list }}
{{ missing | reverse }}
{{ missing | wordcount }}
{{ missing | e }}|
{{ missing | string }}|
{{ missing | safe }}|
{{ missing | indent }}|
{{ missing | title }}|
{{ missing | random }}
{{ missing | pprint }}
{{ missing | groupby('a') | list }}
{{ missing | urlencode }}
{{ missing | attr('x') }}|
{{ missing | format(1) }}|
{{ missing[0] }}
{{ missing.a.b }}
{{ missing.a is defined }}
{{ (missing | default({})).a is defined }}
{{ d.zz.a }}
{{ d.zz.a | default('q') }}
{{ d.zz | default('q') }}
{{ d.zz is defined }}{{ d.b is defined }}
{{ xs[10] is defined }}{{ xs[10] | default('q') }}
{{ xs[-10] is defined }}
{{ s[99] is defined }}
{{ missing == '' }}{{ missing == none }}{{ missing is none }}{{ not missing }}
{{ missing < 1 }}
{{ missing in xs }}
{{ 1 in missing }}
{{ missing ~ missing }}|
{{ -missing }}
{{ missing * 2 }}
{{ missing() }}
{{ missing.upper() }}
{{ [missing] }}
{{ {'a': missing} }}
{{ (missing, 1) }}
{{ missing is string }}{{ missing is mapping }}{{ missing is sequence }}{{ missing is iterable }}{{ missing is number }}
{{ missing is callable }}
{{ missing is false }}{{ missing is boolean }}
{{ missing is lower }}
{{ none is lower }}{{ none is upper }}
{{ 5 is lower }}
{{ d | dictsort(by='value') }}
{{ {'b': 2, 'A': 1, 'c': 3} | dictsort }}
{{ {'b': 2, 'A': 1, 'c': 3} | dictsort(true) }}
{{ {'b': 2, 'A': 1, 'c': 3} | dictsort(by='value', reverse=true) }}
{{ {'b': 'X', 'A': 'y'} | dictsort(by='value') }}
{{ {1: 'a', 'b': 2} | dictsort }}
{{ {'a': 1} | dictsort(by='zz') }}
{{ xs | dictsort }}
{{ 1 | filesizeformat }}|{{ 0 | filesizeformat }}|{{ 999 | filesizeformat }}|{{ 1000 | filesizeformat }}
{{ 13000 | filesizeformat(true) }}|{{ 4100000 | filesizeformat }}|{{ '1024' | filesizeformat(binary=true) }}
{{ 1e30 | filesizeformat }}
{{ 'x' | filesizeformat }}
{{ [] | last }}|{{ '' | first }}|
{{ d | first }}
{{ d | last }}
{{ range(3) | last }}
{{ xs | map('abs') | first }}
{{ '%s-%s' | format('a', 'b') }}
{{ '%(x)s' | format(x=5) }}
{{ '%s' | format('a', x=1) }}
{{ '%s' | format }}
{{ recs | groupby('age') | map('first') | list }}
{% for age, items in recs | groupby('age') %}{{ age }}:{{ items | map(attribute='name') | join(',') }};{% endfor %}
{% for g in recs | groupby('city') %}{{ g.grouper }}={{ g.list | length }};{% endfor %}
{% for g in recs | groupby('city', case_sensitive=true) %}{{ g[0] }}={{ g[1] | length }};{% endfor %}
{% for g in recs | groupby('zz', default='q') %}{{ g.grouper }}{% endfor %}
{{ recs | groupby('zz') | list }}
{{ [{'a': {'b': 1}}, {'a': {'b': 2}}] | map(attribute='a.b') | list }}
{{ [[1, 2], [3, 4]] | map(attribute=1) | list }}
{{ [[1, 2], [3, 4]] | map(attribute='0') | list }}
{{ [[1, 2], [3, 4]] | map('last') | list }}
{{ [[1, 2], [3, 4]] | map('sum') | sum }}
{{ xs | map('string') | map('zfill', 3) | list }}
{{ ['a,b'] | map('replace', ',', ';') | list }}
{{ xs | map }}
{{ xs | map | list }}
{{ xs | map('default', 1) | list }}
{{ [1, none, 2] | map('default', 'x', true) | list }}
{{ recs | map(attribute='tag', default='n') | join(',') }}
{{ recs | map(attribute='tag') | join(',') }}
{{ recs | map(attribute='name', foo=1) | list }}
{{ recs | sum(attribute='age', start=100) }}
{{ xs | sum(start=10) }}
{{ [[1], [2]] | sum(start=[]) }}
{{ [1.5, 2] | sum }}
{{ recs | min(attribute='age') }}
{{ recs | max(attribute='name') }}
{{ words | min }}{{ words | max }}{{ words | min(case_sensitive=true) }}{{ words | max(true) }}
{{ [] | min }}|
{{ [1, 'a'] | max }}
{{ 'hello' | reverse }}
{{ (1, 2, 3) | reverse | list }}
{{ d | reverse | list }}
{{ 5 | reverse }}
{{ 42.55 | round }}|{{ 42.55 | round(1, 'floor') }}|{{ 42.55 | round(1) }}|{{ 42 | round(1) }}
{{ 42.5 | round(0, 'ceil') }}|{{ -42.5 | round(0, 'floor') }}
{{ 42.5 | round(0, 'zz') }}
{{ 1234.5 | round(-2) }}
{{ '4.5' | round }}
{{ xs | select }}
{{ [0, 1, '', 'a', none, [], [0]] | select | list }}
{{ [0, 1, '', 'a', none, [], [0]] | reject | list }}
{{ range(10) | select('divisibleby', 3) | list }}
{{ range(10) | reject('divisibleby', 3) | list }}
{{ range(6) | select('even') | list }}{{ range(6) | select('lessthan', 3) | list }}
{{ ['a', 1, none] | select('string') | list }}{{ ['a', 1, none] | select('none') | list }}
{{ recs | selectattr('age', '>', 26) | map(attribute='name') | list }}
{{ recs | selectattr('age', 'in', [25]) | map(attribute='name') | list }}
{{ recs | selectattr('tag', 'undefined') | map(attribute='name') | list }}
{{ recs | rejectattr('tag') | map(attribute='name') | list }}
{{ recs | rejectattr('tag', 'defined') | list | length }}
{{ recs | selectattr('name', 'zz') | list }}
{{ recs | selectattr | list }}
{{ messages | selectattr('role', '==', 'user') | list | length }}
{{ words | sort | join }}|{{ words | sort(true) | join }}|{{ words | sort(case_sensitive=true, reverse=true) | join }}
{{ recs | sort(attribute='city,age') | map(attribute='name') | list }}
{{ recs | sort(attribute='zz') | list }}
{{ ['b', 'a'] | sort | first }}
{{ 'banana' | sort }}
{{ d | sort }}
{{ [[2, 'b'], [1, 'z'], [2, 'a']] | sort }}
{{ [(2, 1), (1, 5)] | sort(attribute=1) }}
{{ [1.5, 1, true] | sort }}
{{ [none, 1] | sort }}
{{ 'banana' | unique | join }}
{{ recs | unique(attribute='age') | map(attribute='name') | list }}
{{ ['Foo', 'foo', 'FOO', 'b'] | unique | list }}
{{ 'a b c' | urlencode }}|{{ 'ä/ö?&=' | urlencode }}|{{ {'a b': 'c d', 'e': 1} | urlencode }}|{{ [('a', 1), ('b', 2)] | urlencode }}|{{ 42 | urlencode }}
{{ 'the quick brown fox jumps over' | wordwrap(10) }}
{{ 'aaaaaaaaaaaaaaa bb' | wordwrap(5) }}
{{ 'aaaaaaaaaaaaaaa bb' | wordwrap(5, false) }}
{{ 'a-b-c-d-e-f-g' | wordwrap(4, break_on_hyphens=false) }}
{{ 'well-known state-of-the-art a-b 12-34 foo--bar -x x- --y' | wordwrap(8) }}
{{ 'well-known state-of-the-art a-b 12-34 foo--bar -x x- --y' | wordwrap(3) }}
{{ 'well-known state-of-the-art a-b foo--bar' | wordwrap(4, false) }}
{{ '  lead  two   spaces  ' | wordwrap(6) }}|
{{ 'a¶¶b c¶ ' | wordwrap(2) }}|{{ '' | wordwrap }}|{{ '日本語のテキスト' | wordwrap(3) }}
{{ 'a b' | wordwrap(0) }}
{{ ([1, 2, 3] * 20) | pprint }}
{{ {'long key number one': ['a' * 30, 'b' * 30, {'x': 1, 'a': 2}], 'c': ('d' * 40, 'e' * 40), 'b': 1} | pprint }}
{{ ('a' * 90,) | pprint }}
{{ 2 ** 64 }}{{ 9223372036854775807 + 1 }}{{ -9223372036854775808 - 1 }}{{ 9223372036854775807 * -3 }}{{ (2 ** 70) % 1000 }}{{ -(2 ** 70) % 1000 }}{{ 2 ** 70 // -3 }}{{ 2 ** 70 / 2 ** 69 }}{{ 2 ** 70 > 2 ** 69 }}{{ 2 ** 70 == 2.0 ** 70 }}{{ (2 ** 70) | abs }}{{ 2 ** 70 is integer }}{{ 2 ** 70 is odd }}{{ '%d' % 2 ** 70 }}
{{ 99999999999999999999999 + 1 }}{{ 2 ** 70 + 0.5 }}{{ 2 ** 70 * 1.0 }}{{ [2 ** 70] }}{{ {2 ** 70: 1} }}{{ (2 ** 70) | string | length }}{{ (2 ** 70) | float }}{{ '99999999999999999999' | int + 1 }}{{ 2 ** 70 - 2 ** 70 }}
{% macro m(caller) %}{{ caller() }}{% endmacro %}{% call m() %}x{% endcall %}
{% autoescape true %}{{ '<' }}{{ '<' | safe }}{% set a %}<{{ '<' }}{% endset %}{{ a }}{% macro m() %}<{{ '&' }}{% endmacro %}{{ m() }}{% endautoescape %}{{ '<' }}
{% block a %}{{ i }}{% endblock %}{{ self.a() | upper }}{{ self.b is defined }}
{{ 'one two¶¶three four' | wordwrap(5, wrapstring='|') }}
{{ 'foo bar' | wordcount }}{{ 'foo-bar don\'t' | wordcount }}{{ '' | wordcount }}
{{ {'class': 'a', 'id': none, 'x': 'q"<'} | xmlattr }}|{{ {} | xmlattr }}|{{ {'a': 1} | xmlattr(false) }}
{{ {'a b': 1} | xmlattr }}
{{ {'a': missing} | xmlattr }}|
{{ '<a href="x">b</a>  <!-- c -->  &amp; &lt;' | striptags }}
{{ 'foo bar baz' | truncate(5) }}|{{ 'foo bar baz' | truncate(5, true) }}|{{ 'foo bar baz' | truncate(5, true, '…') }}|{{ 'foo bar baz' | truncate(length=8, leeway=0) }}
{{ 'foo' | truncate(2, end='...') }}
{{ 'foo bar baz qux foo bar baz qux' | truncate(10, killwords=true, end='') }}
{{ '<b>' | escape | escape }}{{ '<b>' | forceescape }}{{ '<b>' | escape | forceescape }}
{{ ('<b>' | safe) | escape }}{{ ('<b>' | safe) | forceescape }}
{{ ('<b>' | escape) ~ '<i>' }}
{{ '%s' | e | format('<') }}
{{ ('%s' | safe) | format('<') }}
{{ ('<' | e) + '<' }}{{ '<' + ('<' | e) }}
{{ ('a' | safe).join(['<', '>']) }}
{{ ['<', '>'] | join('&' | safe) }}
{{ [('<' | safe), '>'] | join(',') }}
{{ ('<x>' | safe) | replace('x', '<y>') }}
{{ ('<x>' | safe) | length }}{{ ('abc' | safe)[1:] is string }}
{{ ('a<' | safe) == 'a<' }}{{ ('a' | safe) | tojson }}
{{ ('x' | safe) * 3 }}{{ ('<' | safe).upper() }}
{{ 'x' | attr('zz') is defined }}{{ {'a': 1} | attr('items') is defined }}
{{ 'x' | attr('__class__') }}
{{ 5 | string ~ 1 }}{{ none | string }}{{ [1, 'a'] | string }}{{ 1.0 | string }}
{{ '1,2' | list }}{{ (1, 2) | list }}{{ d | list }}
{{ 5 | list }}
{{ 'x' | int }}{{ '12abc' | int }}{{ '12.7' | int }}{{ ' 7 ' | int }}{{ true | int }}{{ 1e3 | int }}{{ '0b11' | int(0, 2) }}{{ '0o17' | int(base=8) }}{{ 'ff' | int(base=16) }}{{ [] | int(5) }}{{ '-0x1f' | int(0, 16) }}
{{ '1e3' | float }}{{ 'abc' | float(1.5) }}{{ true | float }}{{ [] | float }}{{ '1_0.5' | float }}{{ '٣' | float }}
{{ 'inf' | float }}{{ '-inf' | float }}{{ 'nan' | float }}
{{ 10 ** 30 }}{{ 2 ** 100 }}{{ 2 ** 0.5 }}
{{ 10 ** 25 // 3 }}{{ 10 ** 25 % 7 }}{{ -(10 ** 25) // 3 }}{{ 10 ** 25 / 3 }}{{ 10**25 * 10**25 }}{{ 10**25 - 1 }}
{{ 0 ** 0 }}{{ 0 ** -1 }}
{{ 1.0 ** 2 }}{{ 4 ** 0.5 }}{{ (-2) ** 3 }}{{ -2 ** 3 }}{{ 2 ** -1 }}
{{ 7 // 2.0 }}{{ 7.5 // 2 }}{{ -7 // 2.0 }}{{ 7 % 2.5 }}{{ -7 % 2.5 }}{{ 7 % -2.5 }}
{{ 7 // 0 }}
{{ 7.0 % 0 }}
{{ 7.0 // 0 }}
{{ true + true }}{{ true * 5 }}{{ -true }}{{ true / 2 }}{{ true ** 2 }}{{ not 0 }}{{ +true }}
{{ 1.0 == 1 }}{{ true == 1 }}{{ true == 'true' }}{{ none == false }}{{ 0 == false }}{{ '' == false }}
{{ 1 == 1 == 1 }}{{ 1 < 2 == true }}{{ 3 > 2 > 1 }}{{ 3 > 2 != 1 }}{{ 1 < 3 > 2 }}{{ 1 in [1] == true }}
{{ 'a' in 'abc' in ['abc'] }}
{{ not 1 == 2 }}{{ not (1 and 0) }}{{ 1 and not 0 }}{{ not not 1 }}{{ not true and false }}
{{ 1 or 2 and 3 }}{{ 0 or 0 and 3 }}{{ (0 or 1) and 3 }}{{ none or '' or 'z' }}{{ 1 and 'a' and [] }}
{{ 1 is odd and 2 is even }}{{ not 1 is even }}{{ 1 is not even }}{{ 1 is odd == true }}
{{ 1 + 1 is even }}{{ (1 + 1) is even }}{{ 2 * 3 is odd }}
{{ 'a' ~ 1 is string }}
{{ 3 is divisibleby 3 }}{{ 3 is divisibleby(2) }}{{ 3 is divisibleby 2 }}
{{ 3 is divisibleby 0 }}
{{ 'a' is in 'abc' }}{{ 'a' is in ['b'] }}{{ 1 is in {1: 2} }}{{ 'a' is not in 'b' }}
{{ 1 is eq 1 }}{{ 1 is equalto 2 }}{{ 1 is ne 2 }}{{ 1 is lt 2 }}{{ 1 is le 1 }}{{ 1 is ge 2 }}{{ 1 is greaterthan 0 }}
{{ 1 is == 1 }}
{{ xs is sameas xs }}{{ [] is sameas [] }}{{ 'a' is sameas 'a' }}{{ 1.0 is sameas 1 }}{{ true is sameas 1 }}
{{ 'x' is escaped }}{{ ('x' | safe) is escaped }}{{ ('x' | e) is escaped }}
{{ true is true }}{{ 1 is true }}{{ false is false }}{{ 0 is false }}{{ true is boolean }}{{ 1 is boolean }}
{{ 1 is integer }}{{ 1.0 is integer }}{{ true is integer }}{{ 1.0 is float }}{{ 1 is float }}{{ '1' is number }}{{ true is number }}{{ 1.5 is number }}
{{ 'a' is string }}{{ ('a' | safe) is string }}{{ [] is sequence }}{{ {} is sequence }}{{ 'a' is sequence }}{{ range(2) is sequence }}{{ (1,) is sequence }}{{ 1 is sequence }}
{{ {} is mapping }}{{ [] is mapping }}{{ namespace() is mapping }}{{ [] is iterable }}{{ 1 is iterable }}{{ 'a' is iterable }}{{ (xs | map('abs')) is iterable }}
{{ (xs | map('abs')) is sequence }}
{{ d.items is callable }}{{ range is callable }}{{ 'a'.upper is callable }}{{ d is callable }}
{{ 'upper' is filter }}{{ 'nope' is filter }}{{ 'defined' is test }}{{ 'nope' is test }}{{ 'tojson' is filter }}
{{ x is undefined }}{{ x is none }}{{ none is none }}{{ none is undefined }}{{ none is defined }}
{{ 1 is foo }}
{% if false %}{{ 1 is foo }}{% endif %}ok
{% if false %}{{ 1 | foo }}{% endif %}ok
{% if 'foo' is filter %}{{ 1 | foo }}{% else %}none{% endif %}
{{ 'abc' if false }}|{{ ('abc' if false) | default('d') }}|{{ 'a' if true else missing.x.y }}
{{ ('abc' if false).x }}
{{ 1 if 0 else 2 if 0 else 3 }}{{ (1 if 0 else 2) if 1 else 3 }}{{ [1 if x else 2, 3 if missing else 4] }}
{{ 'a' ~ ('b' if true) ~ 'c' }}{{ 'a' ~ 'b' if false else 'c' }}
{{ xs[0:2] }}{{ xs[:] }}{{ xs[::2] }}{{ xs[::-1] }}{{ xs[-1:] }}{{ xs[:-1] }}{{ xs[5:] }}{{ xs[-5:2] }}{{ xs[2:0:-1] }}
{{ s[0:5:2] }}{{ s[::-2] }}{{ s[-5:] }}{{ s[:0] }}|{{ uni[::2] }}
{{ xs[::0] }}
{{ xs['a'] }}|{{ xs['a'] is defined }}
{{ xs[1.5] }}
{{ xs[1:'a'] }}
{{ (1, 2, 3)[1:] }}{{ range(10)[2:8:3] }}{{ range(10)[::-1] | list }}{{ range(5)[-1] }}
{{ xs[none:2] }}{{ xs[true] }}{{ xs[none:none:none] }}
{{ range(10)[20] is defined }}{{ range(0) | list }}{{ range(5, 1) | list }}{{ range(1, 10, 4) | list }}{{ range(-3) | list }}
{{ range(3) }}{{ range(1, 5, 2) }}{{ range(3) | length }}{{ 2 in range(3) }}{{ range(3) == range(0, 3) }}
{{ range('a') }}
{{ range() }}
{{ range(1.5) }}
{{ d['a'] }}{{ d.a }}{{ d['zz'] }}|{{ d.get('zz') }}{{ d.get('zz', 1) }}{{ d.get('a') }}
{{ d.keys() | list }}{{ d.values() | list }}{{ d.items() | list }}{{ d.keys() }}
{{ d.values() }}{{ d.items() }}
{{ d.copy() == d }}{{ d == {'b': 1} }}{{ {} == {} }}{{ {'a': 1, 'b': 2} == {'b': 2, 'a': 1} }}{{ [1, 2] == [2, 1] }}
{{ {'a': 1}.items() | first }}{{ {'a': 1} | items | list }}
{{ d.update({'z': 1}) }}
{{ d.setdefault('z', 1) }}
{{ d.pop('b') }}
{{ d.clear() }}
{{ xs.append(1) }}
{{ xs.extend([1]) }}
{{ xs.insert(0, 1) }}
{{ xs.reverse() }}
{{ xs.sort() }}
{{ xs.remove(1) }}
{{ xs.clear() }}
{{ xs.index(1) }}{{ xs.count(3) }}{{ xs.index(2, 1) }}{{ (3, 1).index(1) }}{{ xs.copy() }}
{{ xs.index(99) }}
{{ {'items': 5}.items }}
{{ {'items': 5}['items'] }}{{ {'keys': 1}.values() | list }}
{{ 'Hello'.swapcase() }}{{ 'hello world'.capitalize() }}{{ 'hELLO wORLD'.title() }}{{ 'ß'.casefold() }}{{ 'ẞß'.lower() }}{{ 'ŉ'.upper() }}{{ 'ǆ'.title() }}
{{ 'İ'.lower() | length }}{{ 'ΑΣ'.lower() }}{{ 'ﬁ'.upper() }}{{ 'ΑΣ'.casefold() }}
{{ 'a-b-c'.split('-') }}{{ 'a-b-c'.split('-', 1) }}{{ 'a-b-c'.rsplit('-', 1) }}{{ ' a  b '.split() }}{{ 'a--b'.split('--') }}{{ 'abc'.split('z') }}{{ 'a-b'.split(sep='-', maxsplit=0) }}{{ 'a b c'.split(maxsplit=1) }}
{{ 'a'.split('') }}
{{ 'a'.split(1) }}
{{ 'a.b.c'.partition('.') }}{{ 'a.b.c'.rpartition('.') }}{{ 'abc'.partition('.') }}{{ 'abc'.rpartition('.') }}
{{ 'a'.partition('') }}
{{ 'l1¶l2¶¶l4¶'.splitlines() }}{{ 'l1¶l2'.splitlines(true) }}{{ ''.splitlines() }}{{ 'a\x0bb\x0cc\x1cd\x85e\u2028f'.splitlines() }}{{ 'a\r\nb\rc'.splitlines(keepends=true) }}
{{ 'prefix-x'.removeprefix('prefix-') }}{{ 'x.txt'.removesuffix('.txt') }}{{ 'abc'.removeprefix('') }}{{ 'abc'.removesuffix('abc') }}|
{{ '7'.zfill(3) }}{{ '-7'.zfill(4) }}{{ '+7'.zfill(4) }}{{ 'abc'.zfill(2) }}{{ ''.zfill(2) }}
{{ 'abc'.find('c') }}{{ 'abc'.find('z') }}{{ 'abcabc'.rfind('b') }}{{ 'abcabc'.find('b', 2) }}{{ 'abcabc'.find('b', 2, 4) }}{{ 'abc'.index('b') }}{{ 'abcabc'.rindex('c') }}{{ 'abc'.find('') }}{{ 'abc'.rfind('') }}{{ 'abc'.find('', 5) }}
{{ 'abc'.index('z') }}
{{ 'aaaa'.count('aa') }}{{ 'abc'.count('') }}{{ 'abcabc'.count('c', 3) }}{{ 'aXbX'.count('X', 0, 2) }}
{{ 'abc'.startswith('ab') }}{{ 'abc'.startswith(('x', 'a')) }}{{ 'abc'.startswith('b', 1) }}{{ 'abc'.endswith('bc') }}{{ 'abc'.endswith(('x', 'c')) }}{{ 'abc'.endswith('b', 0, 2) }}{{ 'abc'.startswith('') }}{{ 'abc'.startswith(()) }}
{{ 'abc'.startswith(['a']) }}
{{ 'abc'.startswith(1) }}
{{ ' x '.strip() }}|{{ 'xxaxx'.strip('x') }}|{{ 'abcba'.lstrip('ab') }}|{{ 'abcba'.rstrip('ab') }}|{{ '\u00a0x\u2003'.strip() }}|{{ ' x '.strip(none) }}|{{ 'abc'.strip('') }}
{{ '<|x|>'.strip('<|>') }}{{ '¶¶a¶'.lstrip('¶') }}
{{ 'abc'.replace('b', '') }}{{ 'aaa'.replace('a', 'b', 2) }}{{ 'abc'.replace('', '-') }}{{ 'aaa'.replace('a', 'b', -1) }}{{ 'aaa'.replace('a', 'b', 0) }}
{{ 'abc'.replace(1, 2) }}
{{ 'a'.ljust(3, '*') }}{{ 'a'.rjust(3, '*') }}{{ 'a'.center(4, '*') }}{{ 'ab'.center(5, '*') }}{{ 'abc'.center(4) }}|{{ 'abc'.ljust(2) }}
{{ 'a'.ljust(3, 'xx') }}
{{ 'a\tbc\td'.expandtabs() }}|{{ 'a\tb'.expandtabs(4) }}|{{ 'a\tb'.expandtabs(0) }}
{{ '12'.isdigit() }}{{ '1.2'.isdigit() }}{{ '²'.isdigit() }}{{ '²'.isdecimal() }}{{ '½'.isnumeric() }}{{ '½'.isdigit() }}{{ ''.isdigit() }}{{ '٣'.isdecimal() }}
{{ 'aé1'.isalnum() }}{{ 'aé'.isalpha() }}{{ 'a b'.isalpha() }}{{ ''.isalpha() }}{{ 'é'.isascii() }}{{ ''.isascii() }}{{ 'a1'.isidentifier() }}{{ '1a'.isidentifier() }}{{ 'a b'.isidentifier() }}
{{ 'A1'.isupper() }}{{ 'a1'.islower() }}{{ '1'.isupper() }}{{ 'Ab Cd'.istitle() }}{{ 'AB'.istitle() }}{{ ' \t'.isspace() }}{{ ''.isspace() }}{{ 'a¶'.isprintable() }}{{ ' '.isprintable() }}
{{ '-'.join(['a', 'b']) }}{{ ''.join('abc') }}{{ ', '.join(d) }}{{ '-'.join([]) }}|
{{ '-'.join([1]) }}
{{ '-'.join(1) }}
{{ '{} {}'.format(1, 'a') }}{{ '{0}{1}{0}'.format('a', 'b') }}{{ '{x}'.format(x=1) }}{{ '{:>5}|{:<5}|{:^5}|{:*^7}'.format('a', 'b', 'c', 'd') }}
{{ '{:d} {:5d} {:05d} {:+d} {: d} {:,} {:_}'.format(1, 2, 3, 4, 5, 1234567, 1234567) }}
{{ '{:x} {:X} {:#x} {:o} {:b} {:#b} {:c}'.format(255, 255, 255, 8, 5, 5, 65) }}
{{ '{:f} {:.2f} {:10.3f} {:e} {:.1e} {:g} {:%} {:.1%}'.format(1.5, 1.005, 2.5, 12345.678, 12345.678, 1e10, 0.5, 0.123) }}
{{ '{!r} {!s} {!a}'.format('é', 'b', 'é') }}{{ '{0!r:>6}'.format('a') }}
{{ '{a[b]} {a[c]}'.format(a={'b': 1, 'c': 2}) }}{{ '{0[1]}'.format([1, 2]) }}
{{ '{0.__class__}'.format(1) }}
{{ '{a.b}'.format(a={'b': 1}) }}
{{ '{:{}.{}f}'.format(3.14159, 8, 2) }}{{ '{:{w}}'.format('a', w=4) }}|
{{ '{} {1}'.format(1, 2) }}
{{ '{x}'.format() }}
{{ '{'.format() }}
{{ '}'.format() }}
{{ '{:d}'.format('a') }}
{{ '{:d}'.format(1.5) }}
{{ '{:s}'.format(1) }}
{{ '{:.2}'.format('abc') }}{{ '{:5.1}'.format('abc') }}|{{ '{:=5}'.format(3) }}{{ '{:<05}'.format(3) }}
{{ '{:}'.format(none) }}{{ '{}'.format([1, 'a']) }}{{ '{}'.format(true) }}{{ '{:d}'.format(true) }}{{ '{:5}'.format(true) }}|
{{ '{:>10}'.format([1]) }}
{{ '{:n}'.format(1234) }}{{ '{:,.1f}'.format(1234567.89) }}{{ '{:010.2f}'.format(-3.14159) }}{{ '{:+.0f}'.format(2.5) }}{{ '{:.0f}'.format(0.5) }}{{ '{:.3}'.format(1234.5) }}{{ '{:#.3g}'.format(1.0) }}
{{ '{:inf}'.format(1) }}
{{ 'a{{b}}c'.format() }}{{ '{{{}}}'.format(1) }}
{{ '%d' % 3.9 }}{{ '%i' % -3.9 }}{{ '%s %r' % ('a', 'a') }}{{ '%5s|%-5s|%05d|%+d' % ('a', 'b', 42, 42) }}{{ '%.3s' % 'abcdef' }}{{ '%x %X %o %#x' % (255, 255, 8, 255) }}{{ '%e %E %g %G' % (1.5, 1.5, 1e-10, 1e20) }}{{ '%c' % 'a' }}{{ '%%' % () }}
{{ '%(a)s %(b)05.1f' % {'a': 1, 'b': 2.25} }}
{{ '%s' % (1, 2) }}
{{ '%s %s' % 1 }}
{{ '%d' % 'x' }}
{{ '%z' % 1 }}
{{ '%s' % [1, 2] }}{{ '%s' % {'a': 1} }}{{ '%s' % none }}{{ '%s' % (none,) }}
{{ '%(a)s' % 1 }}
{{ '%' % 1 }}
{{ 5 % 3 }}{{ '%s' % 5 ~ '%' }}{{ '%a' % 'é' }}{{ '% d' % 5 }}{{ '%.0f' % 2.5 }}{{ '%.2e' % 0 }}
{{ 1.0 }}|{{ 1.5 }}|{{ 100000000000000000.0 }}|{{ 1e16 }}|{{ 1e-7 }}|{{ 0.1 }}|{{ 1/3 }}|{{ 1e100 }}|{{ 123456789.0 }}|{{ 5e-324 }}|{{ -0.0 }}|{{ 1e22 }}|{{ 9007199254740993.0 }}
{{ [1.0, 1e16, 1e-5, 0.0001] }}{{ 1.10 }}{{ 3.0 * 2 }}{{ 6 / 2 }}{{ 6 // 2 }}{{ 2.5e3 }}{{ 1E5 }}{{ 1_0.5_0 }}
{{ 1e400 }}{{ -1e400 }}{{ 1e400 - 1e400 }}
{{ 0x_ff }}{{ 0XFF }}{{ 0B1 }}{{ 0O7 }}{{ 00 }}
{{ 012 }}
{{ 1__0 }}
{{ 1. }}
{{ .5 }}
{{ 1.e5 }}
{{ [] }}{{ {} }}{{ () }}{{ (1,) }}{{ [[]] }}{{ [none, true, false, 1.0, 'a', "it's", 'q"', 'b\\s', 'n¶'] }}
{{ ['\x00\x1f\x7f\x80\xa0\xad', '\u200b\u2028\ufeff', '\ue000', '🎉', '\U000e0001', 'é', '\u0378'] }}
{{ ['\ud83c', '\udf89'] }}
{{ {'a': 'b', 1: 2, none: true, (1, 2): [3]} }}{{ {1.0: 'a', 1: 'b', true: 'c'} }}
{{ {'a': 1, 'a': 2} }}{{ {[]: 1} }}
{{ {'a': {'b': {'c': [1, {'d': ()}]}}} }}
{{ {'a', 'b'} }}
{{ "a\
b" }}
{{ 'a\nb\tc\\d\'e\"f' }}{{ "\x41\u0042\U00000043" }}{{ '\a\b\f\v' | length }}{{ '\q\ ' }}{{ '\101\7' | length }}{{ '\0' | length }}
{{ '\N{LATIN SMALL LETTER A}' }}
{{ '\x4' }}
{{ '\u12' }}
{{ '\U00110000' }}
{{ '\
' }}|
{{ 'a¶b' }}|{{ "¶" | length }}
{{ 'it''s' }}
{{ 'a' "b" 'c' }}{{ 'a' 'b' | upper }}{{ ('a' 'b').upper() }}
{{ r'a' }}
{{ True }}{{ False }}{{ None }}{{ true }}{{ none }}{{ [True, None] }}
{{ TRUE is defined }}{{ nOne is defined }}
{# a comment #}x{# {{ not run }} {% if %} #}y{#- trim -#} z
x {#- a -#} y
{#+ x +#}y
{# unclosed
{% comment %}x{% endcomment %}
{% raw %}{{ x }}{% if %}{# c #}{% endraw %}
 {%- raw -%} {{ x }} {%- endraw -%} y
a¶{% raw %}¶ b¶{% endraw %}¶c
{% raw %}x
{% verbatim %}x{% endverbatim %}
a¶  {% if true %}¶  b¶  {% endif %}¶c
a¶  {%+ if true %}¶  b¶  {%+ endif %}¶c
a¶  {%- if true -%}¶  b¶  {%- endif -%}¶c
a¶  {% if true +%}¶  b¶  {% endif +%}¶c
a  {{- 'x' -}}  b{{ 'y' }}  c
a¶{{- 'x' -}}¶b¶{{ 'y' }}¶c
  {{+ 'x' }}
a  {%- set z = 1 %}  {{ z }}
   {# c #}   ¶x
a {# c #}¶x
a¶¶{% if true %}¶¶b{% endif %}¶¶c
{% if true %}a{% endif %} {% if true %}b{% endif %}
	{% if true %}tab{% endif %}
x{% if true %}  {% endif %}y
{{ 'a' }}¶
{{ 'a' }}¶¶
¶{{ 'a' }}
{%- if true -%} a {%- else -%} b {%- endif -%}
{% if x %}1{% elif y %}2{% elif i == 42 %}3{% else %}4{% endif %}
{% if missing %}1{% elif i == 42 %}3{% else %}4{% endif %}
{% if missing.a %}1{% endif %}
{% if x %}{% endif %}|{% if not x %}{% else %}e{% endif %}
{% if %}a{% endif %}
{% else %}
{% if x %}a
{% endif %}
{% if x %}a{% else %}b{% else %}c{% endif %}
{% for %}a{% endfor %}
{% for x in %}a{% endfor %}
{% for x in xs %}a
{% for 1 in xs %}a{% endfor %}
{% for x.y in xs %}a{% endfor %}
{% foo %}
{% end %}
{% set %}
{% set a %}
{% set a = %}
{% set 1 = 2 %}
{% set a.b.c = 1 %}
{% set a[0] = 1 %}
{{ }}
{{ a b }}
{{ 1 + }}
{{ (1 }}
{{ [1, }}
{{ {1 }}
{{ 'a }}
{{ a. }}
{{ a[ }}
{{ a | }}
{{ a is }}
{{ a ! b }}
{{ a $ b }}
{{ a & b }}
{{ a && b }}
{{ a || b }}
{{ !a }}
{{ a ? b : c }}
{{ a = 1 }}
{{ a += 1 }}
{{ a := 1 }}
{{ lambda x: x }}
{{ [x for x in xs] }}
{{ f"a" }}
{{ a.0 }}
{{ xs.0 }}{{ xs.1 }}
{{ d.items }}
{{ xs [0] }}{{ s . upper() }}{{ s.upper ( ) }}
{{ s.upper()[0].lower() }}{{ 'a b'.split()[0] }}{{ ('a')[0] }}{{ [1, 2][0] }}{{ {'a': 1}['a'] }}{{ {'a': 1}.a }}
{{ 'a'|upper|lower|title }}{{ ('a'|upper)+'b' }}{{ 'a'+'b'|upper }}{{ ('a'+'b')|upper }}{{ -1|abs }}{{ (-1)|abs }}{{ not 'a'|length }}
{{ 2**3|string }}
{{ 'a,b'.split(',')|first }}{{ xs|sort|first + 1 }}{{ xs|length > 2 }}{{ xs|length is odd }}
{{ 'a' is string|upper }}
{{ loop is defined }}{{ caller is defined }}{{ varargs is defined }}{{ namespace is defined }}{{ cycler is defined }}{{ joiner is defined }}{{ dict is defined }}{{ range is defined }}{{ debug is defined }}{{ _ is defined }}{{ context is defined }}{{ super is defined }}{{ gettext is defined }}
{% for x in xs %}{{ loop.index }}{{ loop.index0 }}{{ loop.revindex }}{{ loop.revindex0 }}{{ loop.first }}{{ loop.last }}{{ loop.length }}{{ loop.depth }}{{ loop.depth0 }}|{% endfor %}
{% for x in xs %}{{ loop.cycle('a', 'b') }}{{ loop.cycle(*['x', 'y', 'z']) }}{% endfor %}
{% for x in xs %}{{ loop.cycle() }}{% endfor %}
{% for x in [1, 1, 2, 2, 1] %}{{ loop.changed(x) }}{% endfor %}
{% for x in [1, 1, 2] %}{{ loop.changed(x, 'c') }}{{ loop.changed() }}{% endfor %}
{% for x in xs %}{{ loop.previtem | default('-') }}{{ x }}{{ loop.nextitem | default('-') }};{% endfor %}
{% for x in xs %}{% if loop.nextitem is defined and loop.nextitem > x %}up{% elif loop.last %}end{% else %}down{% endif %} {% endfor %}
{% for x in xs if x != 1 %}{{ loop.previtem }}{{ x }}{{ loop.nextitem }}{{ loop.length }};{% endfor %}
{% for x in xs %}{{ loop }}{% endfor %}
{% for x in xs %}{{ loop.foo }}|{% endfor %}
{% for x in xs %}{{ loop.foo.bar }}|{% endfor %}
{% for x in xs %}{% for y in xs %}{{ loop.index }}{% endfor %}{{ loop.index }};{% endfor %}
{% for x in xs %}{% set outer = loop %}{% for y in [1, 2] %}{{ outer.index }}{{ loop.index }} {% endfor %}{% endfor %}
{% for n in tree recursive %}{{ n.v }}{% if n.c %}({{ loop(n.c) }}){% endif %}{{ loop.depth }}{{ loop.depth0 }}{% endfor %}
{% for n in tree recursive %}{{ loop.index }}{{ loop(n.c) }}{% else %}e{% endfor %}
{% for n in tree %}{{ loop(n.c) }}{% endfor %}
{% for x in xs recursive %}{{ loop(x) }}{% endfor %}
{% for x in xs %}{% else %}e{% endfor %}|{% for x in [] %}{% else %}e{% endfor %}|{% for x in xs if x > 10 %}a{% else %}b{% endfor %}
{% for x in [] %}{% endfor %}{{ loop is defined }}
{% for x in xs %}{% endfor %}{{ x }}
{% for x in xs %}{% set y = x %}{% endfor %}{{ y is defined }}
{% set y = 0 %}{% for x in xs %}{% set y = y + x %}{{ y }},{% endfor %}{{ y }}
{% for x in xs %}{% if loop.first %}{% set q = 1 %}{% endif %}{{ q | default('u') }}{% endfor %}
{% for loop in xs %}{{ loop }}{% endfor %}
{% for x, y in d.items() %}{{ x }}{% endfor %}{% for x, y in [[1, 2], 'ab', (3, 4)] %}{{ x }}{{ y }}{% endfor %}
{% for x, (y, z) in [(1, (2, 3))] %}{{ x }}{{ y }}{{ z }}{% endfor %}
{% for x, y in xs %}{{ x }}{% endfor %}
{% for [x, y] in [[1, 2]] %}{{ x }}{{ y }}{% endfor %}
{% for k in {'a': 1} %}{{ k }}{% endfor %}{% for c in 'abc' %}{{ c }}{% endfor %}{% for x in range(3) %}{{ x }}{% endfor %}{% for x in (1, 2) %}{{ x }}{% endfor %}
{% for x in xs | sort %}{{ x }}{% endfor %}{% for x in xs | reverse %}{{ x }}{% endfor %}{% for x in xs if x is odd %}{{ x }}{% endfor %}{% for x in xs + [9] %}{{ x }}{% endfor %}{% for x in xs if xs %}{{ x }}{% endfor %}
{% for x in (xs if true else []) %}{{ x }}{% endfor %}{% for x in missing or [1] %}{{ x }}{% endfor %}
{% for x in xs if true else [] %}{{ x }}{% endfor %}
{% for x in xs %}{% if x == 1 %}{% break %}{% endif %}{{ x }}{% else %}e{% endfor %}
{% for x in xs %}{% if x == 3 %}{% continue %}{% endif %}{{ loop.index }}{{ x }}{% endfor %}
{% for x in xs %}{% for y in xs %}{% if y == 1 %}{% break %}{% endif %}{{ y }}{% endfor %}{{ x }};{% endfor %}
{% for x in xs %}{% with %}{% break %}{% endwith %}{% endfor %}ok
{% for x in xs %}{% set y %}{% break %}{% endset %}{% endfor %}ok
{% for x in xs %}{% filter upper %}a{% continue %}{% endfilter %}{% endfor %}ok
{% for x in xs %}{% macro m() %}{% break %}{% endmacro %}{% endfor %}ok
{% macro m() %}{% break %}{% endmacro %}{{ m() }}
{% continue %}
{% set a = 1 %}{% if true %}{% set a = 2 %}{% endif %}{{ a }}
{% set a = 1 %}{% with %}{% set a = 2 %}{{ a }}{% endwith %}{{ a }}
{% set a = 1 %}{% with a = 2, b = a %}{{ a }}{{ b }}{% endwith %}{{ a }}
{% with a = 1 %}{% with b = a %}{{ a }}{{ b }}{% endwith %}{% endwith %}{{ a is defined }}
{% with a, b = 1, 2 %}{{ a }}{{ b }}{% endwith %}
{% with a, b = (1, 2) %}{{ a }}{{ b }}{% endwith %}
{% with (a, b) = (1, 2) %}{{ a }}{{ b }}{% endwith %}
{% with a = %}{% endwith %}
{% set a, b, c = xs %}{{ a }}{{ b }}{{ c }}
{% set a = b = 1 %}{{ a }}
{% set a, b = b, a %}{{ a is defined }}
{% set x = x + 1 %}{{ x }}
{% set q = q | default(3) %}{{ q }}
{% set a %}  x¶ y  {% endset %}[{{ a }}]{{ a | length }}{{ a is string }}{{ a is escaped }}
{% set a | trim | upper %}  x {% endset %}[{{ a }}]
{% set a, b %}x{% endset %}
{% set ns.a %}x{% endset %}
{% set ns = namespace() %}{% set ns.a %}x{{ i }}{% endset %}{{ ns.a }}
{% set ns = namespace(a=1, b={'c': 2}) %}{% set ns.a = ns.a + 1 %}{{ ns.a }}{{ ns.b.c }}{{ ns.zz }}{{ ns.zz is defined }}{{ ns['a'] }}
{% set ns = namespace([('a', 1)]) %}{{ ns.a }}
{% set ns = namespace(items=1) %}{{ ns.items }}
{% set ns = namespace(a=1) %}{% for k in ns %}{{ k }}{% endfor %}
{% set ns = namespace(a=1) %}{{ 'a' in ns }}
{% set ns = namespace(a=1) %}{{ ns | length }}
{% set ns = namespace(a=1) %}{{ ns == ns }}{{ ns is mapping }}{{ ns is defined }}{{ ns is iterable }}
{% set ns = namespace(n=0) %}{% macro inc() %}{% set ns.n = ns.n + 1 %}{% endmacro %}{{ inc() }}{{ inc() }}{{ ns.n }}
{% set ns = namespace(l=[]) %}{% set ns.l = ns.l + [1] %}{% set m = ns %}{% set m.l = [] %}{{ ns.l }}
{% set d.x = 1 %}
{% set xs.x = 1 %}
{% macro m(a, b='d', *args) %}{% endmacro %}
{% macro m(a='x', b) %}{{ a }}{{ b }}{% endmacro %}{{ m(1, 2) }}
{% macro m(a, b=a) %}{{ a }}{{ b }}{% endmacro %}{{ m(1) }}{{ m(1, 2) }}
{% macro m(a, b=[]) %}{{ a }}{{ b }}{{ b is defined }}{% endmacro %}{{ m() }}{{ m(a=1, b=2) }}{{ m(b=3) }}
{% macro m(a) %}{{ a is defined }}{{ a }}{{ a | default('x') }}{% endmacro %}{{ m() }}{{ m(none) }}
{% macro m() %}{{ varargs }}{{ kwargs }}{% endmacro %}{{ m(1, 2, a=3) }}{{ m() }}
{% macro m(x) %}{{ x }}{{ varargs | join('-') }}{% endmacro %}{{ m(1, 2, 3) }}{{ m(*[1, 2]) }}{{ m(**{'x': 5}) }}{{ m(1, *[2], **{}) }}
{% macro m(x) %}{{ kwargs['y'] }}{{ kwargs.z | default('n') }}{% endmacro %}{{ m(1, y=2) }}
{% macro m(x) %}{{ x }}{% endmacro %}{{ m(1, y=2) }}
{% macro m(x) %}{{ x }}{% endmacro %}{{ m(x=1, **{'x': 2}) }}
{% macro m(a, b=1) %}{% endmacro %}{{ m.name }}{{ m.arguments }}{{ m.catch_kwargs }}{{ m.catch_varargs }}{{ m.caller }}{{ m.foo is defined }}
{% macro m() %}{{ caller() }}{{ kwargs }}{% endmacro %}{{ m.caller }}{{ m.catch_kwargs }}
{% macro m() %} a {% endmacro %}[{{ m() }}][{{ m() | trim }}][{{ m() | length }}]{{ m() is string }}
{% macro m(n) %}{{ n }}{% if n > 0 %}{{ m(n - 1) }}{% endif %}{% endmacro %}{{ m(3) }}
{% macro a() %}{{ b() }}{% endmacro %}{% macro b() %}B{% endmacro %}{{ a() }}
{{ m() }}{% macro m() %}x{% endmacro %}
{% macro m() %}{{ i }}{{ q | default('u') }}{% endmacro %}{% set q = 1 %}{{ m() }}
{% for q in [1, 2] %}{% macro m() %}{{ q }}{% endmacro %}{{ m() }}{% endfor %}
{% macro m() %}{{ q | default('u') }}{% endmacro %}{% for q in [1, 2] %}{{ m() }}{% endfor %}
{% macro m() %}{% set z = 1 %}{% endmacro %}{{ m() }}{{ z | default('u') }}
{% macro m() %}{% macro n() %}inner{% endmacro %}{{ n() }}{% endmacro %}{{ m() }}{{ n is defined }}
{% if true %}{% macro m() %}x{% endmacro %}{% endif %}{{ m() }}
{% set f = 1 %}{% macro f() %}m{% endmacro %}{{ f() }}
{% macro m(caller) %}{{ caller }}{% endmacro %}{{ m(1) }}
{% macro m(a, caller=none) %}{{ a }}{{ caller() if caller else 'none' }}{% endmacro %}{{ m(1) }}{% call m(2) %}body{% endcall %}
{% macro m() %}{{ caller('x', y=2) }}{% endmacro %}{% call(a, y) m() %}{{ a }}{{ y }}{% endcall %}
{% macro m(items) %}{% for it in items %}<{{ caller(it) }}>{% endfor %}{% endmacro %}{% call(u) m(['a', 'b']) %}{{ u | upper }}{% endcall %}
{% macro m() %}[{{ caller() }}{{ caller() }}]{% endmacro %}{% call m() %}{{ loop is defined }}{% endcall %}
{% macro m() %}{{ caller() }}{% endmacro %}{% for x in xs %}{% call m() %}{{ x }}{{ loop.index }}{% endcall %}{% endfor %}
{% macro m() %}{{ caller.name }}{{ caller.arguments }}{% endmacro %}{% call(a) m() %}{% endcall %}
{% call 1 %}{% endcall %}
{% call upper('a') %}{% endcall %}
{% call(a) missing() %}{% endcall %}
{% filter upper %}a{{ 'b' }}{% endfilter %}{% filter replace('a', 'b') %}aa{% endfilter %}{% filter trim | length | string %} abc {% endfilter %}
{% filter indent(2, true) %}a¶b{% endfilter %}
{% filter nope %}a{% endfilter %}
{% filter upper %}{% set k = 1 %}{% endfilter %}{{ k | default('u') }}
{% block a %}x{{ i }}{% endblock %}{% block b %}{{ self.a() }}{% endblock b %}
{% for x in [1, 2] %}{% block c scoped %}{{ x }}{% endblock %}{% endfor %}
{% for q in [1, 2] %}{% block c %}{{ q | default('u') }}{% endblock %}{% endfor %}
{% block a %}{% endblock %}{% block a %}{% endblock %}
{% block a %}x{% endblock z %}
{% include 'x' %}
{% include 'x' ignore missing %}ok
{% include ['a', 'b'] ignore missing %}ok
{% extends 'x' %}
{% import 'x' as y %}
{% from 'x' import y %}
{% do 1 %}
{% trans %}x{% endtrans %}
{% autoescape true %}{{ '<' }}{% endautoescape %}
{% autoescape false %}{{ '<' }}{% endautoescape %}
{% debug %}
{% generation %}{{ s }}{% endgeneration %}|{% generation %}{% endgeneration %}
{% generation %}{% set g = 1 %}{% endgeneration %}{{ g | default('u') }}
{{ cycler('a', 'b') }}
{% set c = cycler('a', 'b') %}{{ c.next() }}{{ c.next() }}{{ c.next() }}{{ c.current }}{% if c.reset() %}{% endif %}{{ c.current }}{{ c.pos is defined }}{{ c.items }}
{{ cycler() }}
{% set j = joiner('|') %}{{ j() }}a{{ j() }}b{{ j() }}c
{% set j = joiner() %}{{ j() }}a{{ j() }}b
{{ dict(a=1, b=2) }}{{ dict() }}{{ dict({'a': 1}) }}{{ dict([['a', 1]]) }}{{ dict(d, z=1) | length }}
{{ dict(1) }}
{{ [1, 2] | tojson }}{{ {'b': 1, 'a': [none, true, 1.5, 'é"\\/<>&\'']} | tojson }}{{ 'a¶b' | tojson }}{{ '\u2028\x00\x7f🎉' | tojson }}
{{ {'b': 1, 'a': 2} | tojson(sort_keys=true) }}{{ {'b': [1, {'c': 2}]} | tojson(indent=2) }}{{ {'a': 1} | tojson(separators=(',', ':')) }}{{ 'é🎉' | tojson(ensure_ascii=true) }}
{{ {'a': [], 'b': {}, 'c': [[]]} | tojson(indent=1) }}{{ [1, 2] | tojson(indent='\t') }}{{ [] | tojson(indent=2) }}{{ (1, 2) | tojson }}{{ {1: 2, none: 3, true: 4, 1.5: 5} | tojson }}
{{ 1e400 | tojson }}
{{ 1e16 | tojson }}{{ 1.0 | tojson }}{{ -0.0 | tojson }}{{ 10**30 | tojson }}
{{ range(3) | tojson }}
{{ missing | tojson }}
{{ (xs | map('abs')) | tojson }}
{{ range | tojson }}
{{ namespace(a=1) | tojson }}
{{ d.keys() | tojson }}
{{ {(1, 2): 3} | tojson }}
{{ [1, [2, [3]]] | tojson(4) }}
{{ {'a': 1} | tojson(false, 2) }}
{{ {'z': 1, 'é': 2} | tojson(ensure_ascii=true, indent=none, separators=none, sort_keys=true) }}
{{ [1] | tojson(foo=1) }}
{{ xs | pprint }}{{ 'a' | pprint }}{{ d | pprint }}
{{ s.__class__ }}|{{ s.__init__ is defined }}
{{ ''.__class__.__mro__ }}
{{ [].__class__ }}|
{{ range.__name__ }}|
{{ s['__class__'] }}|
{{ d.__len__() }}
{{ raise_exception('x') }}
{{ raise_exception() }}
{{ raise_exception(missing) }}
{{ strftime_now('%Y') | length }}
{{ strftime_now() }}
{{ s.format }}
{{ s.upper is defined }}{{ s.nope is defined }}{{ (5).real is defined }}
{{ 5 .bit_length() }}
{{ 1.5.is_integer() }}
{{ (3.0).is_integer() }}{{ (10).bit_length() }}{{ (-3).conjugate() }}{{ (3).real }}{{ (3).imag }}{{ (3).numerator }}{{ (2.5).real }}
{{ true.real }}
{{ 'a' < 'b' }}{{ 'a' < 'B' }}{{ [1, 2] < [1, 3] }}{{ (1, 2) < (1,) }}{{ 'é' > 'z' }}{{ [] < [0] }}{{ true < 2 }}
{{ 'a' < 1 }}
{{ [1] < (1,) }}
{{ {} < {} }}
{{ none < none }}
{{ 'a' * -1 }}|{{ 'ab' * 0 }}|{{ [1] * 2 }}{{ 2 * (1,) }}{{ 'a' * true }}
{{ 'a' * 1.5 }}
{{ 'a' * 'b' }}
{{ [1] + [2] }}{{ (1,) + (2,) }}{{ 'a' + 'b' }}
{{ [1] + 'a' }}
{{ {} + {} }}
{{ 'a' - 1 }}
{{ none + 1 }}
{{ [1, 2] - [1] }}
{{ 1 ~ 2 }}{{ none ~ true }}{{ [1] ~ {} }}{{ 1.0 ~ 'a' }}{{ missing ~ 1 }}
{{ 1 in 'a' }}
{{ 'a' in 5 }}
{{ none in 'a' }}
{{ [1] in [[1]] }}{{ 'a' in ('a',) }}{{ '' in 'a' }}{{ 1.0 in [1] }}{{ none in [none] }}{{ 'b' in d }}{{ 1 in d.values() }}{{ ('b', 1) in d.items() }}
{{ ((1, 2), [3, 4]) }}{{ 1, 2 }}{{ (1, 2) == (1, 2) }}
{{ (1 if true else 2, 3) }}
{{ xs if xs else none }}{{ [] if [] else 'e' }}
{{ '¶'.join(words) }}{{ words | join('¶') }}
{{ blank | trim | length }}{{ blank | trim(chars=' ') | length }}{{ 'xyx' | trim('x') }}
{{ lines | indent(width=3) }}|{{ lines | indent(first=true) }}|{{ lines | indent(2, blank=true) }}|{{ 'a¶¶b' | indent(2) }}|{{ 'a' | indent('>>', true) }}
{{ 'a\r\nb' | indent(2) }}|{{ 'a\x0bb' | indent(2) }}|{{ 'a¶b¶' | indent(2) }}|
{{ 'aXbX' | replace('X', '-') }}{{ 'aaa' | replace('a', 'b', 2) }}{{ 'aaa' | replace('a', 'b', count=1) }}{{ 123 | replace(2, 'x') }}
{{ 'don\'t STOP (now) [x] {y} <z> a-b_c' | title }}{{ 'ǆ ß' | title }}{{ '1a b2c' | title }}
{{ '%.2f' | format(1.005) }}{{ '%d items' | format(3) }}{{ '%-8s|' | format('a') }}
{{ 'é' | urlencode }}{{ '🎉' | urlencode }}{{ 'a~b-c_d.e' | urlencode }}{{ "'()*!" | urlencode }}
{{ messages[-1].role == 'assistant' and not missing }}{{ messages[0].role in ['user', 'system'] }}{{ (messages | last)['content'] }}{{ messages | map(attribute='content') | map('length') | sum }}
{{ messages[0].tool_calls is defined }}{{ messages[0].get('tool_calls') is none }}{{ messages[0]['tool_calls'] }}|{{ 'role' in messages[0] }}{{ messages[0].role is not string }}
{% for m in messages %}{% if m.role == 'user' and loop.first or loop.last %}{{ loop.index }}{% endif %}{% endfor %}
{% set first, *rest = xs %}
{{ xs[0], xs[1] }}{{ (xs[0]) }}
{%- set tools = [{'type': 'function', 'function': {'name': 'f', 'parameters': {'type': 'object', 'properties': {'a': {'type': 'string'}}}}}] -%}{% for t in tools %}{{ t.function.name }}{{ t.function.parameters.properties | tojson }}{% for k, v in t.function.parameters.properties | items %}{{ k }}{{ v.type }}{% endfor %}{% endfor %}
{%- set x = {'a': 1} -%}{%- set x = dict(x, **{'b': 2}) -%}{{ x }}
{% set date = '26 Jul 2024' %}{{ date if date_string is not defined else date_string }}
{{ 'x' if messages | selectattr('role', 'equalto', 'tool') | list else 'y' }}
{{ (messages | selectattr('role', 'equalto', 'user') | list | last).content }}
{{ messages | rejectattr('role', 'equalto', 'user') | map(attribute='content') | list }}
{{ '<think>a</think>b'.split('</think>')[-1] }}{{ ('</think>' in '<think>a</think>b') }}{{ 'a</think>b'.rsplit('</think>', 1)[0] }}
{{ ['a', 'b'] | join('\n') }}{{ '\n'.join(['a']) }}{{ '\\n' }}{{ "\"" }}{{ '\'' }}
{{ 'a' | default }}{{ missing | default }}|{{ missing | d('x') }}{{ '' | d('x') }}{{ '' | d('x', true) }}{{ none | d('x') }}{{ false | default('x', true) }}
{{ xs | first is number }}{{ xs | length == 3 }}{{ xs | count }}
{{ 5 | length }}
{{ namespace(a=1) | items | list }}
{{ 'abc' | items }}
{{ none | items | list }}
{{ d | items | first }}
{{ 'a' | foo(1) }}
{{ 'a' | upper(1) }}
{{ 'a' | replace }}
{{ 'a' | replace('a') }}
{{ xs | join(d=',', attribute=none) }}
{{ recs | join(', ', 'name') }}{{ recs | join(attribute='age') }}
{{ [[1, 2], [3]] | map('join', ',') | join(';') }}
{{ [1, [2, 3]] | join(',') }}
{{ xs | map('multiply', 2) | list }}
{{ i | abs }}{{ -1.5 | abs }}{{ true | abs }}
{{ 'a' | abs }}
{{ '3' * 2 | int }}{{ ('3' * 2) | int }}
{{ x ** 2 }}{{ x // 1 }}{{ i % 5 }}{{ i / 5 }}{{ neg // 2 }}{{ neg % 3 }}{{ -neg }}{{ i - neg }}
{{ 1_000 + 0x10 }}{{ 1e2 | int }}{{ 10 // 3 * 3 + 10 % 3 }}{{ 2 + 3 * 4 ** 2 // 5 - 1 }}{{ (2 + 3) * 4 }}{{ 2 * -3 }}{{ 2 - -3 }}{{ 8 / 2 / 2 }}
{{ 2 ~ 3 + 4 }}
"""


def sources():
    """The templates, without doubles."""
    lines = [line.replace("¶", "\n") for line in SNIPPETS.split("\n") if line]
    return list(dict.fromkeys(lines))
