"""Writes what Python's jinja2 renders from small templates, for the tests of the template engine.

Run it with a Python that has transformers and jinja2:
    python golden/make_template_cases.py
It writes graft-core/src/test/resources/templates/cases.json: a list of
{"source", "text"} or {"source", "error": true}, all rendered with VARIABLES.
"""

import copy
import json
import pathlib

from template_snippets import sources as snippets
from transformers.utils.chat_template_utils import _compile_jinja_template

VARIABLES = {
    "s": "Hello, World",
    "blank": "  \t padded text \n ",
    "lines": "one\ntwo\r\nthree\n\nfive",
    "uni": "naïve ß Ω 🎉 日本",
    "quote": "it's \"quoted\" \\ \n tab\t é \u200b",
    "xs": [3, 1, 2],
    "words": ["b", "A", "c", "a"],
    "none": None,
    "t": True,
    "f": False,
    "i": 42,
    "neg": -7,
    "x": 2.5,
    "d": {"b": 1, "a": [1, 2.0, None, True], "C": {"n": "v"}},
    "recs": [
        {"name": "ann", "age": 30, "city": "Rome"},
        {"name": "Bob", "age": 25, "city": "rome"},
        {"name": "cy", "age": 30, "city": "Oslo", "tag": "x"},
    ],
    "empty": [],
    "messages": [{"role": "user", "content": "Hi <b>"}, {"role": "assistant", "content": "Yo"}],
    "tree": [{"v": 1, "c": [{"v": 2, "c": []}, {"v": 3, "c": [{"v": 4, "c": []}]}]}],
}

EXPRESSIONS = r"""
1 + 2 * 3 - 4
2 ** 3 ** 2
-2 ** 2
7 // 2
-7 // 2
7 % 3
-7 % 3
7 % -3
7.5 // 2
-7.5 % 2
1 / 2
4 / 2
10 ** 2
2 ** -1
1 ~ 2 ~ none ~ true ~ 1.0
'a' ~ 'b' + 'c'
1 + 2 ~ 3
'x' * 3
3 * 'ab'
[1] * 2 + [3]
(1, 2) + (3,)
1 < 2 < 3
1 < 3 < 2
1 == 1.0
1 == true
'1' == 1
[1, 2] == (1, 2)
{'a': 1} == {'a': 1.0}
'a' in 'abc'
1 in [1, 2]
'a' in d
4 not in xs
not true or true
not (true and false)
none is none
missing is defined
missing is undefined
missing.foo
missing.foo.bar
missing['x']
missing()
missing + 1
1 + missing
missing ~ 'x'
missing == none
missing == other_missing
missing | length
missing | list
missing | default('z')
missing or 'fallback'
'a' if false
('a' if false) is defined
'a' if missing else 'b'
'a' if t else 'b' if f else 'c'
none
true
1.0
1e20
1e16
1e15
123456789012345678.0
1e-5
0.0001
0.1 + 0.2
1e300 * 1e10
-0.0
1_000
0x1f
0b101
0o17
1.5e3
[1, 'a', none, true, 2.5, [], {}, ()]
(1,)
(1, 2)
()
{'a': 1, 'b': [1, {'c': 'd'}]}
{1: 2, none: 3, true: 4}
quote
[quote]
[uni, "it's", 'say "x"', "both ' and \""]
['\x00\x7f\xa0\u2028\U0001f389\ud800']
"a\nb\tc\\d\'e\"f\x41\u00e9\101\q"
'a' 'b' "c"
s[0]
s[-1]
s[100]
s[1:4]
s[::-1]
s[::2]
s[-3:]
s[:-3]
s[5:2]
s[10:0:-3]
uni[5:8]
uni[-4:]
uni[::-1]
uni | length
xs[0]
xs[-1]
xs[5]
xs[1:]
xs[::-1]
xs['a']
xs.0
d.b
d['b']
d.zz
d['zz']
d.items
d.keys()
d.values()
d.items()
d.get('b')
d.get('q')
d.get('q', 5)
d['get']('b')
d.items() | list
d | list
d | length
d.a[1]
d.C.n
i.foo
none.foo
none['foo']
s.foo
s.upper()
s.lower()
s.title()
"they're bill's".title()
"they're bill's friends-from (the) us" | title
s.swapcase()
s.capitalize()
'ABC dEF' | capitalize
uni.upper()
uni.lower()
uni.title()
'ß' | upper
blank.strip()
blank.lstrip()
blank.rstrip()
'xxhixx'.strip('x')
'xyhixy'.strip('yx')
'abc'.lstrip('ab')
'abc'.rstrip('bc')
blank | trim
'xxhixx' | trim('x')
s.split()
s.split(',')
s.split(', ')
s.split('l', 1)
s.split('l', 2)
s.rsplit('l', 1)
s.rsplit('l')
blank.split()
blank.split(none, 1)
blank.rsplit(none, 1)
'a b  c '.split(' ')
''.split()
''.split(',')
'a'.split('')
lines.splitlines()
lines.splitlines(true)
s.partition(', ')
s.partition('zz')
s.rpartition('l')
s.rpartition('zz')
s.replace('l', 'L')
s.replace('l', 'L', 1)
s.replace('', '-')
s.replace('', '-', 3)
s | replace('l', 'L')
s | replace('o', '0', 1)
42 | replace('4', '5')
','.join(['a', 'b'])
','.join([1, 2])
xs | join(', ')
xs | join
recs | join('-', attribute='name')
['a', none, 1.5] | join('/')
s.startswith('Hell')
s.startswith(('x', 'H'))
s.startswith('World', 7)
s.endswith('ld')
s.endswith(('a', 'b'))
s.endswith('Hello', 0, 5)
s.find('o')
s.find('o', 5)
s.find('zz')
s.rfind('o')
s.index('o')
s.index('zz')
s.count('l')
s.count('')
uni.find('日')
s.center(20) ~ '|'
s.center(21, '*')
'ab'.center(5, '*')
'abc'.center(6, '*')
s.ljust(15, '.')
s.rjust(15, '.')
'42'.zfill(5)
'-42'.zfill(5)
'a\tb'.expandtabs(4)
'12'.isdigit()
'1a'.isalnum()
'ab'.isalpha()
' '.isspace()
'aB'.islower()
'AB'.isupper()
'Ab Cd'.istitle()
'ab1'.isidentifier()
'TestHook'.removeprefix('Test')
'file.py'.removesuffix('.py')
'{} and {}'.format(1, 'b')
'{1} {0}'.format(1, 'b')
'{a} {b[0]} {b}'.format(a=1, b=xs)
'{:>6}|{:<6}|{:^6}|'.format('a', 'b', 'c')
'{:05d} {:x} {:,} {:+}'.format(42, 255, 1234567, 3)
'{:.2f} {:8.3f} {:e} {:g} {:%}'.format(x, x, x, x, x)
'{!r} {!s}'.format('a', 'b')
'{{}} {}'.format(1)
'{'.format(1)
'{} {}'.format(1)
'{0} {}'.format(1)
'{:{}}|'.format('a', 5)
'%s and %s' % (1, 'b')
'%d %5d %-5d| %05d %x %o' % (1, 2, 3, 4, 255, 8)
'%.2f %8.3f %e %g' % (x, x, x, x)
'%(a)s' % {'a': 1}
'%s' % none
'%s' % [1, 2]
'%r' % 'a'
'%%' % ()
'%s' % ()
'%s' % (1, 2)
'%d' % 'a'
'%5s|%-5s|%.1s' % ('a', 'b', 'cd')
'%s %s' | format(1, 2)
'%(a)s' | format(a=1)
'abc' | upper | lower | title
[1, 2, 3] | first
[1, 2, 3] | last
[] | first
'abc' | first
'abc' | last
'abc' | list
'abc' | reverse
xs | reverse | list
xs | sort
xs | sort(reverse=true)
words | sort
words | sort(case_sensitive=true)
recs | sort(attribute='age') | map(attribute='name') | list
recs | sort(attribute='age,name') | map(attribute='name') | list
recs | sort(attribute='name', reverse=true) | map(attribute='name') | list
[1, 'a'] | sort
words | unique | list
words | unique(case_sensitive=true) | list
xs | min
xs | max
words | max
recs | max(attribute='age')
[] | max
xs | sum
recs | sum(attribute='age')
['a'] | sum
d | dictsort
d | dictsort(true)
d | dictsort(reverse=true)
{'a': 2, 'b': 1} | dictsort(false, 'value')
d | items | list
missing | items | list
3 | items
recs | groupby('city') | list
recs | groupby('tag', default='none') | map(attribute='grouper') | list
xs | batch(2) | list
xs | batch(2, 0) | list
xs | slice(2) | list
xs | slice(2, 'x') | list
xs | map('string') | list
words | map('upper') | join
recs | map(attribute='tag') | list
recs | map(attribute='tag', default='-') | list
none | map('upper') | list
xs | select('odd') | list
xs | reject('odd') | list
xs | select('gt', 1) | list
xs | select('in', [1, 2]) | list
['', 'a', none] | select | list
recs | selectattr('tag') | list | length
recs | selectattr('age', 'equalto', 30) | map(attribute='name') | list
recs | selectattr('tag', 'defined') | map(attribute='name') | list
recs | rejectattr('age', '==', 30) | map(attribute='name') | list
recs | selectattr('age', 'ge', 30) | list | length
xs | map('nofilter') | list
xs | nofilter
xs is notest
xs | length
5 | length
'42' | int
'42.9' | int
'abc' | int
'abc' | int(7)
'0x1F' | int(0, 16)
'1F' | int(base=16)
none | int
2.9 | int
'2.5' | float
'x' | float
7 | float
-3 | abs
-3|abs
2.5 | round
3.5 | round
2.567 | round(2)
2.123 | round(1, 'ceil')
2.19 | round(1, 'floor')
7 | round
2.4 | round | int
none | string
1.5 | string
true | string
'a<b>&"\'' | e
('a<b>' | safe) + '<c>'
'<c>' + ('a<b>' | safe)
('a<b>' | safe) ~ '<c>'
('a<b>' | safe) | upper
'<p>x <b>y</b></p>' | striptags
d | tojson
d | tojson(indent=2)
d | tojson(indent=0)
d | tojson(separators=(',', ':'))
d | tojson(sort_keys=true)
d | tojson(true)
uni | tojson
uni | tojson(ensure_ascii=true)
quote | tojson
'a/b<>&\x7f\x01' | tojson
'a\x7f' | tojson(ensure_ascii=true)
[1.0, 1e20, 1e-7, -0.0, 12345678901234567] | tojson
[] | tojson(indent=4)
{} | tojson(indent=4)
[[], {}, [1]] | tojson(indent='--')
missing | tojson
xs | map('string') | tojson
{1: 2, true: 3, none: 4, 1.5: 5} | tojson
{(1, 2): 3} | tojson
(1, 2) | tojson
d.items() | list | tojson
d.keys() | tojson
'word ' * 5 | trim
lines | indent
lines | indent(2, true)
lines | indent('> ', first=true, blank=true)
'a\n' | indent
'foo bar baz qux' | truncate(9)
'foo bar baz qux' | truncate(9, true)
'foo bar baz qux' | truncate(11)
'foo bar baz qux' | truncate(11, false, '...', 0)
'hello big world' | wordcount
'ab' | center(6) ~ '|'
'a b&c/d' | urlencode
{'a': 'x y', 'b': 2} | urlencode
123456 | filesizeformat
1 | filesizeformat
1000000 | filesizeformat(true)
'x' | attr('upper')
d | attr('b')
d | default('q')
'' | default('q')
'' | default('q', true)
none | d('q')
none | default('q', boolean=true)
3 is odd
4 is even
9 is divisibleby 3
9 is divisibleby(2)
s is string
s is not string
i is number
x is float
i is integer
true is integer
true is number
true is boolean
xs is sequence
s is sequence
d is mapping
d is iterable
i is iterable
none is iterable
missing is iterable
range is callable
s is callable
'abc' is lower
'ABC' is upper
1 is sameas 1
true is sameas true
none is sameas none
3 is in [1, 3]
3 is gt 2
3 is lessthan 2
'a' is eq 'a'
'trim' is filter
'zz' is filter
'odd' is test
x is defined and x > 2
x is not defined or x > 2
1 if x is defined else 2
x is defined if t
range(5) | list
range(1, 10, 3) | list
range(5, 0, -2) | list
range(3)
range(0)
range(200000)
range(1, 2, 0)
range(10)[2]
range(10)[2:5] | list
5 in range(10)
dict(a=1, b=2)
dict([('a', 1), ('b', 2)])
dict({'a': 1}, b=3)
dict.fromkeys(['a', 'b'], 0)
namespace(a=1).a
namespace({'a': 1}, b=2).b
namespace(_a=1)
namespace(a=1).zz
cycler('a', 'b').next()
joiner() ~ joiner()()
raise_exception('boom')
strftime_now is defined
xs.append(4)
xs.pop()
d.update({'a': 1})
d.pop('a')
xs.append is defined
s.__class__
s.__class__ is defined
s.__class__.__mro__
''['__class__']
d.__class__
xs.count(1)
xs.index(2)
xs.index(9)
xs.copy()
d.copy()
(1, 2, 1).count(1)
s()
i()
'a' < 'b'
'a' < 1
[1, 2] < [1, 3]
none < 1
1 < 2.5
'Z' < 'a'
'a' + 1
1 + 'a'
[1] + (2,)
'a' - 'b'
-'a'
1 / 0
1 % 0
1.0 / 0
[1, 2, 3][missing]
{[1]: 2}
[1] in d
'x' in none
1 in 'abc'
9223372036854775807 + 0
[][0]
[] or 'e'
0 or none
1 and 2
'' and 2
{'a': 1}.a
{'items': 1}.items is callable
{'items': 1}['items']
(1, 2)[0]
((1, 2), 3)
[1, 2,]
{'a': 1,}
messages[0].content
messages[-1]['role']
messages[0]['content'] | e
messages | map(attribute='role') | join(',')
messages | selectattr('role', 'equalto', 'user') | map(attribute='content') | first
messages | length - 1
messages[1:] | length
messages[:-1][0].role
messages[0:1] + messages
(messages | last).content
d['a'][::-1]
d.a | map('tojson') | join(' ')
1 if 2 > 1
'%s' | format('a' if false else 'b')
'a' 'b' ~ 'c'
[x for x in y]
lambda: 1
a = 1
{{ 1 }
1 +
(1
'unclosed
foo.
foo..bar
xs | 
xs is
1 2
*xs
dict(**{'a': 1})
'{}{}'.format(*[1, 2])
'{a}'.format(**{'a': 1})
dict(a=1, a=2)
'a'.join(d)
not 1 in xs
not missing
- 1
+ 1
- - 1
2 - -1
5 | string | length
'a' ~ 1 + 2 | string
s | upper == 'HELLO, WORLD'
s.upper | string is string
1 .__class__
1.real
i.bit_length is defined
x.is_integer is defined
'abc'[true]
xs[none]
xs[1.0]
'é' < 'z'
'\N{BULLET}'
'c' > 'a'
'd' < 'a'
'c' >= 'a' and 'a' <= 'c'
'z' > '🎉'
s | max
s | min
lines | max
['c', 'a', 'z'] | max
d.keys() in d
d[1:]
i[1:]
none[1:] if f else x[:2]
missing[1:]
xs['a':]
missing | truncate(5)
['a'] | truncate(5)
('ab' | safe) | list
namespace(a=1)
s % missing
"%s" % {'a': 1}
""" + r"""
[1.0, 1e16, 1e15, 123456789.125, 1e-4, 1e-5, 5e-324, 1.7976931348623157e308]
'{:.3g} {:.10g} {:g}'.format(1234.5678, 0.1, 1e10)
'{:,.2f} {:_d} {:+.1e} {:#x}'.format(1234567.891, 1234567, 12345.678, 255)
'{:*^9}|{:=+6d}|{:<06d}|{:s}'.format('mid', 42, 7, 's')
'{0[0]} {1.name} {1[name]}'.format(xs, recs[0])
'%+d % d %05.1f %#x %-6s| %i' % (5, 5, 2.25, 255, 'ab', 7)
'%*d|%-*d|%.*f' % (5, 1, 5, 2, 2, 3.14159)
'%c%c' % (65, 'B')
2.675 | round(2)
1.005 | round(2)
-2.5 | round
15 | round(-1)
1e308 | round(2)
0.5 | round
'  12 ' | int
'-12' | int
'1_000' | int
'١٢' | int
'1e3' | int
'inf' | float
'nan' | int
' 1.5 ' | float
""" + "1 / 3" + "\n"

STATEMENTS = [
    "{% for x in xs %}{{ x }}{% endfor %}",
    "{% for x in xs %}{{ loop.index }}{{ loop.index0 }}{{ loop.revindex }}{{ loop.revindex0 }}{{ loop.first }}{{ loop.last }}{{ loop.length }};{% endfor %}",
    "{% for x in xs %}{{ loop.previtem }}<{{ x }}>{{ loop.nextitem }};{% endfor %}",
    "{% for x in xs %}{{ loop.previtem is defined }}{{ loop.cycle('a','b') }}{{ loop.changed(x > 1) }}{% endfor %}",
    "{% for x in empty %}a{% else %}none{% endfor %}",
    "{% for x in missing %}a{% else %}none{% endfor %}",
    "{% for x in none %}a{% endfor %}",
    "{% for x in 5 %}a{% endfor %}",
    "{% for x in xs if x > 1 %}{{ x }}{{ loop.index }}/{{ loop.length }}{{ loop.last }} {% endfor %}",
    "{% for x in xs if x > 9 %}{{ x }}{% else %}no{% endfor %}",
    "{% set ns = namespace(stop=false) %}{% for x in xs if not ns.stop %}{{ x }}{% if x == 1 %}{% set ns.stop = true %}{% endif %}{% endfor %}",
    "{% for k, v in d.items() %}{{ k }}={{ v }};{% endfor %}",
    "{% for k in d %}{{ k }}{% endfor %}",
    "{% for (a, b), c in [((1, 2), 3)] %}{{ a }}{{ b }}{{ c }}{% endfor %}",
    "{% for a, b in [(1, 2, 3)] %}{{ a }}{% endfor %}",
    "{% for c in 'aé🎉' %}{{ c }},{% endfor %}",
    "{% for x in 1, 2, 3 %}{{ x }}{% endfor %}",
    "{% for x in xs %}{% if x == 1 %}{% continue %}{% endif %}{{ x }}{% endfor %}",
    "{% for x in xs %}{% if x == 1 %}{% break %}{% endif %}{{ x }}{% endfor %}",
    "{% break %}",
    "{% for x in xs %}{% generation %}{% break %}{% endgeneration %}{% endfor %}",
    "{% set a = 1 %}{% for x in xs %}{{ a }}{% set a = x %}{{ a }}{% endfor %}{{ a }}",
    "{% if t %}{% set a = 1 %}{% endif %}{{ a }}",
    "{% set a, b = 1, 2 %}{{ a }}{{ b }}",
    "{% set (a, b) = [1, 2] %}{{ a }}{{ b }}",
    "{% set a, b = [1] %}{{ a }}",
    "{% set ns = namespace(x=1) %}{% for i in xs %}{% set ns.x = ns.x + i %}{% endfor %}{{ ns.x }}",
    "{% set ns = namespace() %}{% set ns.a, ns.b = 1, 2 %}{{ ns.a }}{{ ns.b }}",
    "{% set d.b = 1 %}",
    "{% set ns = namespace() %}{% set ns._x = 1 %}",
    "{% set missing.b = 1 %}",
    "{% set true = 1 %}",
    "{% set x %}a{{ i }}b{% endset %}[{{ x }}]",
    "{% set x | upper | trim %} a{{ s }}b {% endset %}[{{ x }}]",
    "{% set x = 5 %}{% set y %}{% set x = 6 %}{{ x }}{% endset %}{{ x }}{{ y }}",
    "{% filter upper %}ab{{ s }}{% endfilter %}",
    "{% filter replace('a', 'b') | upper %}banana{% endfilter %}",
    "{% with a = 1, b = i %}{{ a }}{{ b }}{% endwith %}{{ a }}",
    "{% with %}{% set q = 1 %}{{ q }}{% endwith %}{{ q }}",
    "{% macro m(a, b=2, c='x') %}[{{ a }}{{ b }}{{ c }}]{% endmacro %}{{ m(1) }}{{ m(1, 3) }}{{ m(1, c=4) }}{{ m() }}",
    "{% macro m(a) %}{{ a }}{% endmacro %}{{ m(1, 2) }}",
    "{% macro m(a) %}{{ a }}{% endmacro %}{{ m(b=2) }}",
    "{% macro m(a) %}{{ a }}{% endmacro %}{{ m(1, a=2) }}",
    "{% macro m(a) %}{{ a }}{{ varargs }}{{ kwargs }}{% endmacro %}{{ m(1, 2, 3, k=4) }}",
    "{% macro m() %}{{ caller() }}|{{ caller('x') if false }}{% endmacro %}{% call m() %}body{{ i }}{% endcall %}",
    "{% macro m() %}{{ caller(1, 2) }}{% endmacro %}{% call(a, b=5) m() %}{{ a }}{{ b }}{% endcall %}",
    "{% macro m() %}{{ caller() }}{% endmacro %}{{ m() }}",
    "{% macro m() %}x{% endmacro %}{% call m() %}b{% endcall %}",
    "{% macro outer() %}<{{ caller() }}>{% endmacro %}{% macro inner() %}{% call outer() %}{{ caller() }}{% endcall %}{% endmacro %}{% call inner() %}z{% endcall %}",
    "{% macro fact(n) %}{% if n <= 1 %}1{% else %}{{ n * (fact(n - 1) | int) }}{% endif %}{% endmacro %}{{ fact(10) }}",
    "{% macro m() %}{{ later }}{% endmacro %}{% set later = 3 %}{{ m() }}",
    "{{ m() }}{% macro m() %}{% endmacro %}",
    "{% macro m() %}{% set q = 1 %}{% endmacro %}{{ m() }}{{ q }}",
    "{% macro m(x) %}{{ x }}{% endmacro %}{{ m }}{{ m.name }}{{ m.arguments }}",
    "{% macro m(a=i) %}{{ a }}{% endmacro %}{{ m() }}{{ m(none) }}{{ m(missing) }}",
    "{% macro m(a, b=a) %}{{ a }}{{ b }}{% endmacro %}{{ m(1) }}",
    "{% for x in xs %}{% macro m() %}{{ x }}{% endmacro %}{{ m() }}{% endfor %}",
    "{% for n in tree recursive %}{{ n.v }}{{ loop.depth }}({{ loop(n.c) }}){% endfor %}",
    "{% for n in tree %}{{ loop(n.c) }}{% endfor %}",
    "{% for a in xs %}{% for b in xs %}{{ loop.index }}{% endfor %}{{ loop.index }}{% endfor %}",
    "{% for a in xs %}{% set outer = loop %}{% for b in xs %}{{ outer.index }}{% endfor %}{% endfor %}",
    "{{ loop }}",
    "{% raw %}{{ x }}{% if %}{% endraw %}",
    "a {%- raw -%} {{ x }} {%- endraw -%} b",
    "a{# comment {{ x }} #}b",
    "a {#- c -#} b",
    "a\n  {# c #}\nb",
    "a\n{% if t %}\nb\n{% endif %}\nc",
    "a\n  {% if t %}\n  b\n  {% endif %}\nc",
    "a\n  {%+ if t %}\n  b\n  {%+ endif %}\nc",
    "a\n  {%- if t -%}\n  b\n  {%- endif -%}\nc",
    "a  {% if t %}  b  {% endif %}  c",
    "  {% if t %}x{% endif %}\n",
    "{% if t +%}\nx{% endif %}",
    "{% if t %}\n\nx{% endif %}\n\n",
    "{{ 1 }}\n{{ 2 }}\n",
    "{{ 1 -}}\n  {{- 2 }}",
    "  {{ 1 }}  ",
    "\n\n{{ 1 }}\r\n{{ 2 }}\r{{ 3 }}",
    "x\n",
    "x\n\n",
    "",
    "\n",
    "\t{% set a = 1 %}\t{{ a }}",
    "{% set a = 1 -%}   \n  x",
    "{%- set a = 1 %}x",
    "{% if a %}1{% elif i == 42 %}2{% else %}3{% endif %}",
    "{% if not a and (b or t) %}1{% endif %}",
    "{% if x is defined and x is not none %}1{% endif %}",
    "{% if 'a' in 'abc' and 'b' not in ['c'] %}1{% endif %}",
    "{% if t: %}1{% endif %}",
    "{% generation %}a{{ i }}{% endgeneration %}b",
    "{% set q = 1 %}{% generation %}{% set q = 2 %}{{ q }}{% endgeneration %}{{ q }}",
    "{%- generation -%}  a  {%- endgeneration -%}  b",
    "{% print i, s %}",
    "{% block b %}x{{ i }}{% endblock %}",
    "{% block b %}x{% endblock b %}",
    "{% include 'x' %}",
    "{% unknown %}",
    "{% if %}{% endif %}",
    "{% endif %}",
    "{% if t %}",
    "{% for x in %}{% endfor %}",
    "{% for x xs %}{% endfor %}",
    "{% set %}",
    "{{ }}",
    "{{ 1",
    "{% if t",
    "{# unclosed",
    "{% raw %}",
    "{% macro m(a, a2=1, b) %}{% endmacro %}",
    "{% if f %}{{ x | nofilter }}{% endif %}ok",
    "{% for x in empty %}{{ x | nofilter }}{% endfor %}ok",
    "{% macro m() %}{{ x | nofilter }}{% endmacro %}ok",
    "{{ 1 if t else (x | nofilter) }}",
    "{{ (x | nofilter) if f else 1 }}",
    "{% if f %}{{ x is notest }}{% endif %}ok",
    "{% if f %}{% for x in xs %}{{ x | nofilter }}{% endfor %}{% endif %}ok",
    "{% set c = cycler('a', 'b') %}{{ c.next() }}{{ c.current }}{{ c.next() }}{{ c.next() }}{{ c.reset() }}{{ c.current }}",
    "{% set j = joiner('|') %}{% for x in xs %}{{ j() }}{{ x }}{% endfor %}",
    "{% set it = xs | map('string') %}{{ it | list }}{{ it | list }}",
    "{% set it = xs | select('odd') %}{{ it | first }}{{ it | first }}{{ it | first }}",
    "{% set it = xs | map('string') %}{{ 1 if it else 0 }}{{ it is iterable }}{{ it is sequence }}",
    "{{ (xs | map('string'))[0] }}",
    "{{ xs | map('string') | length }}",
    "{{ xs | map('string') | last }}",
    "{{ xs | reverse | first }}{{ xs | reverse | length }}",
    "{% set a = [] %}{% for x in xs %}{% set a = a + [x] %}{% endfor %}{{ a }}",
    "{% set ns = namespace(a=[]) %}{% for x in xs %}{% set ns.a = ns.a + [x] %}{% endfor %}{{ ns.a }}",
    "{% for m in messages %}{{ '<|' + m['role'] + '|>' + m['content'] + '\\n' }}{% endfor %}",
    "{%- for message in messages -%}\n    {%- if message.role == 'user' -%}\n        U:{{ message.content }}\n    {%- else %}\n A:{{ message.content }}\n    {%- endif -%}\n{%- endfor %}",
    "{% for m in messages %}{{ m | tojson }}{{ m }}{% endfor %}",
    "{% set content = '<think>\\nabc\\n</think>\\n\\nfinal' %}{{ content.split('</think>')[-1].lstrip('\\n') }}|{{ content.split('</think>')[0].rstrip('\\n').split('<think>')[-1].lstrip('\\n') }}",
    "{% for m in messages[::-1] %}{% set index = (messages | length - 1) - loop.index0 %}{{ index }}{{ m.role }}{% endfor %}",
    "{{ '{{' }}{{ '}}' }}{{ '%}' }}",
    "{{ {'a': {'b': 1}}['a']['b'] }}",
    "{{ {'a': {}} }}",
    "{{ '\n' }}|{{ '\\n' }}",
    "{{ x.y.z }}",
    "{{ (x) }}{{ ((1)) }}",
    "{{ [i, x][0] }}{{ (i, x)[1] }}",
    "{{-1}}|{{ -1 }}|{{+1}}",
    "{{ s ~ '' if s else 'n' }}",
    "{{ 'a' if i == 42 else 'b' ~ 'c' }}",
    "{{ not x == 2.5 }}",
    "{{ i if i is number else 'q' }}",
    "{{ 1, 2 }}",
    "{{ (1, 2) | length }}",
    "{% for a in (1, 2) %}{{ a }}{% endfor %}",
    "{% set a = 1, 2 %}{{ a }}",
    "{% set a = b = 1 %}",
    "{{ range(3) | map('string') | map('upper') | list }}",
    "{{ recs | map(attribute='name') | map('upper') | join(', ') }}",
    "{% set x = namespace(found=false) %}{{ x.found }}{{ x['found'] }}",
    "{{ caller }}{{ varargs }}",
    "{% macro m() %}{{ kwargs.a }}{{ kwargs | length }}{% endmacro %}{{ m(a=1, b=2) }}",
    "{{ 'a%sb' % i }}{{ '%s: %s' % ('k', d) }}",
    "{{ d.a is sequence and d.a is not string }}",
    "{% if messages[0]['role'] == 'system' %}{% set loop_messages = messages[1:] %}{% else %}{% set loop_messages = messages %}{% endif %}{% for message in loop_messages %}{% if (message['role'] == 'user') != (loop.index0 % 2 == 0) %}{{ raise_exception('alternate') }}{% endif %}{{ message.content }}{% endfor %}",
    "{%- macro render_extra_keys(json_dict, handled_keys) -%}\n    {%- if json_dict is mapping %}\n        {%- for json_key in json_dict if json_key not in handled_keys %}\n            {%- if json_dict[json_key] is mapping or (json_dict[json_key] is sequence and json_dict[json_key] is not string) %}\n                {{- '\\n<' ~ json_key ~ '>' ~ (json_dict[json_key] | tojson | safe) ~ '</' ~ json_key ~ '>' }}\n            {%- else %}\n                {{-'\\n<' ~ json_key ~ '>' ~ (json_dict[json_key] | string) ~ '</' ~ json_key ~ '>' }}\n            {%- endif %}\n        {%- endfor %}\n    {%- endif %}\n{%- endmacro %}{{ render_extra_keys(d, ['b']) }}",
]


def main():
    sources = ["{{ " + line + " }}" for line in EXPRESSIONS.split("\n") if line]
    cases = []
    for source in dict.fromkeys(sources + STATEMENTS + snippets()):
        try:
            text = _compile_jinja_template(source).render(**copy.deepcopy(VARIABLES))
            if " at 0x" in text:
                continue
            cases.append({"source": source, "text": text})
        except Exception:
            cases.append({"source": source, "error": True})
    target = (
        pathlib.Path(__file__).parent.parent
        / "graft-core/src/test/resources/templates/cases.json"
    )
    target.parent.mkdir(parents=True, exist_ok=True)
    document = {"variables": VARIABLES, "cases": cases}
    target.write_text(json.dumps(document, ensure_ascii=True, indent=0) + "\n", encoding="utf-8")
    print(len(cases), "cases")


if __name__ == "__main__":
    main()
