#!/usr/bin/env python3
"""Cases of IPLD schemas: each says what the text says, and what its types see."""
from kit import *

link = Link(cid1(RAW, mh(b"linked")))


def make_schemas():
    a = Area("schemas", "IPLD schemas")

    def parse(clause, slug, text, types, advanced=None):
        dmt = {"types": types, **({"advanced": advanced} if advanced else {})}
        a.add(clause, slug + "-dmt", "schema.parse", {"text": text}, out={"dmt": notation(dmt)})
        a.add("schemas-24", f"{clause}-{slug}", "schema.parse", {"dmt": notation(dmt)}, out={"dmt": notation(dmt)})

    def both(clause, slug, text, type, value, typed):
        """A value and what its type sees, there and back."""
        a.add(clause, slug, "schema.read", {"text": text, "type": type, "value": notation(value)}, out={"typed": notation(typed)})
        a.add(clause, slug + "-back", "schema.write", {"text": text, "type": type, "typed": notation(typed)}, out={"value": notation(value)})

    def open_names(clause, slug, text, type, value, typed, here, there, other=None):
        """The same where no text says how a name looks to its type: `here` is the word for `typed`, `there` for `other`."""
        a.add(clause, slug, "schema.read", {"text": text, "type": type, "value": notation(value)}, variants={here: {"out": {"typed": notation(typed)}}, there: {"out": {"typed": notation(other)} if other else {}}})
        a.add(clause, slug + "-back", "schema.write", {"text": text, "type": type, "typed": notation(typed)}, variants={"written": {"out": {"value": notation(value)}}, "refused": {"err": True}})

    def refused(clause, slug, text, type, *values, level=None):
        for i, v in enumerate(values):
            a.add(clause, f"{slug}-refused-{i}", "schema.read", {"text": text, "type": type, "value": notation(v)}, err="mismatch", level=level)

    def unwritable(clause, slug, text, type, *values):
        for i, v in enumerate(values):
            a.add(clause, f"{slug}-unwritable-{i}", "schema.write", {"text": text, "type": type, "typed": notation(v)}, err="mismatch")

    def bad(clause, slug, text):
        a.add(clause, "bad-" + slug, "schema.check", {"text": text}, err="malformed")

    def bad_dmt(clause, slug, types, **more):
        a.add(clause, "bad-dmt-" + slug, "schema.check", {"dmt": notation({"types": types, **more})}, err="malformed")
    struct = lambda fields, rep=None: {"struct": {"fields": fields, "representation": rep or {"map": {}}}}
    union = lambda members, rep: {"union": {"members": members, "representation": rep}}
    lk = lambda t: {"link": {"expectedType": t}}

    parse("schemas-1", "one", "type A int", {"A": {"int": {}}})
    parse("schemas-1", "comments", "# first\ntype A int # second\n## third\n\n#\ntype B_1 string#x", {"A": {"int": {}}, "B_1": {"string": {}}})
    parse("schemas-1", "spaces", "\r\n\ttype  A\n  {String :\nInt}\r\n", {"A": {"map": {"keyType": "String", "valueType": "Int"}}})
    parse("schemas-1", "nothing", "", {})
    for kind in ("bool", "int", "float", "string", "bytes", "any"):
        parse("schemas-3", "scalar-" + kind, f"type A {kind}", {"A": {kind: {}}})
    for slug, text in (("lower", "type a int"), ("digit", "type 1A int"), ("dash", "type A-B int"), ("no-kind", "type A"), ("no-type", "A int"), ("unknown-kind", "type A number"), ("upper-kind", "type A Int"), ("open-struct", "type A struct {"), ("open-map", "type A {String:Int"), ("open-text", 'type A union { | Int "a } representation keyed'), ("map-of-one", "type A {String}"), ("list-of-two", "type A [Int Int]"),
                       ("field-without-type", "type A struct { x }"), ("union-without-how", 'type A union { | Int "a" }'), ("member-without-key", "type A union { | Int } representation keyed"), ("comma", "type A struct { x Int, y Int }"), ("nothing-behind", "type A int int"), ("enum-no-bar", "type A enum { X Y }")):
        bad("schemas-1", slug, text)
    prelude = {"Bool": (True, 1), "Int": (5, "5"), "Float": (1.5, "x"), "String": ("x", 5), "Bytes": (b"\1", "x"), "Map": ({"a": [None]}, []), "List": ([1, "x", None], {}), "Link": (link, "x"), "Null": (None, False)}
    for name, (good, wrong) in prelude.items():
        both("schemas-2", name, "", name, good, good)
        refused("schemas-2", name, "", name, wrong)
    for slug, v in (("int", 1), ("null", None), ("map", {"a": {"b": []}}), ("link", link)):
        both("schemas-2", "any-" + slug, "", "Any", v, v)
    both("schemas-2", "own-instead", "type Int string", "Int", "x", "x")
    both("schemas-2", "field-of-own", "type Int string type A struct { x Int }", "A", {"x": "y"}, {"x": "y"})
    bad("schemas-2", "unknown", "type A [B]")
    bad("schemas-2", "unknown-key", "type A {B:Int}")
    bad("schemas-2", "unknown-field", "type A struct { x Nope }")
    bad("schemas-2", "unknown-member", 'type A union { | Nope "n" } representation keyed')
    bad("schemas-2", "unknown-link", "type A &Nope")
    kinds = {"bool": True, "int": 7, "float": 0.5, "string": "s", "bytes": b"\0", "list": [], "map": {}, "link": link, "null": None}
    for kind in ("bool", "int", "float", "string", "bytes"):
        both("schemas-3", kind, f"type A {kind}", "A", kinds[kind], kinds[kind])
        refused("schemas-3", kind, f"type A {kind}", "A", *[v for k, v in kinds.items() if k != kind])
    for k, v in kinds.items():
        both("schemas-3", "any-" + k, "type A any", "A", v, v)
    refused("schemas-3", "text-for-int", "type A int", "A", "100", "0")
    for n in (0, -1, (1 << 63) - 1, -(1 << 63)):
        both("schemas-3", f"int-{n}", "type A int", "A", n, n)

    parse("schemas-4", "map", "type A {String:Int}", {"A": {"map": {"keyType": "String", "valueType": "Int"}}})
    parse("schemas-4", "list", "type A [String]", {"A": {"list": {"valueType": "String"}}})
    parse("schemas-4", "nullable", "type A {String:nullable Int} type B [nullable Int]", {"A": {"map": {"keyType": "String", "valueType": "Int", "valueNullable": True}}, "B": {"list": {"valueType": "Int", "valueNullable": True}}})
    parse("schemas-4", "in-place", "type A {String:[nullable {String:&Any}]}", {"A": {"map": {"keyType": "String", "valueType": {"list": {"valueType": {"map": {"keyType": "String", "valueType": lk("Any")}}, "valueNullable": True}}}}})
    for slug, t, v in (("map", "{String:Int}", {"a": 1, "b": 2}), ("empty-map", "{String:Int}", {}), ("list", "[Int]", [1, 2]), ("empty-list", "[Int]", []), ("nulls", "[nullable Int]", [None, 1]), ("map-nulls", "{String:nullable Int}", {"a": None}), ("nested", "[[{String:[Int]}]]", [[{"a": [1]}], []]), ("nulls-by-type", "[Null]", [None, None])):
        both("schemas-4", slug, f"type A {t}", "A", v, v)
    refused("schemas-4", "map", "type A {String:Int}", "A", {"a": "1"}, {"a": None}, [], "a", 1, None, {"a": 1, "b": True})
    refused("schemas-4", "list", "type A [Int]", "A", ["1"], [None], {}, [1, 2, "3"], "x", None)
    refused("schemas-4", "nested", "type A [[Int]]", "A", [1], [[1], [None]], [[[]]])
    open_names("schemas-5", "enum-keys", 'type E enum { | X | Y ("y") } type A {E:Int}', "A", {"X": 1, "y": 2}, {"X": 1, "y": 2}, "its text", "the member", {"X": 1, "Y": 2})
    refused("schemas-5", "enum-keys", 'type E enum { | X | Y ("y") } type A {E:Int}', "A", {"Z": 1}, {"Y": 1})
    open_names("schemas-5", "joined-keys", 'type K struct { a String b String } representation stringjoin { join ":" } type A {K:Int}', "A", {"x:y": 1}, {"x:y": 1}, "its text", "as its type has it")
    refused("schemas-5", "joined-keys", 'type K struct { a String b String } representation stringjoin { join ":" } type A {K:Int}', "A", {"xy": 1}, {"x:y:z": 1})
    for slug, text in (("int", "type A {Int:Int}"), ("list", "type A {List:Int}"), ("struct", "type K struct { a Int } type A {K:Int}"), ("any", "type A {Any:Int}"), ("kinded", 'type K union { | String string | Int int } representation kinded type A {K:Int}')):
        bad("schemas-5", slug + "-keys", text)
    pairs = 'representation stringpairs { innerDelim "=" entryDelim "," }'
    parse("schemas-6", "listpairs", "type A {String:Int} representation listpairs", {"A": {"map": {"keyType": "String", "valueType": "Int", "representation": {"listpairs": {}}}}})
    parse("schemas-6", "stringpairs", "type A {String:Int} " + pairs, {"A": {"map": {"keyType": "String", "valueType": "Int", "representation": {"stringpairs": {"innerDelim": "=", "entryDelim": ","}}}}})
    parse("schemas-6", "advanced", "advanced X type A {String:Int} representation advanced X type B [Int] representation advanced X type C bytes representation advanced X",
          {"A": {"map": {"keyType": "String", "valueType": "Int", "representation": {"advanced": "X"}}}, "B": {"list": {"valueType": "Int", "representation": {"advanced": "X"}}}, "C": {"bytes": {"representation": {"advanced": "X"}}}}, {"X": {}})
    both("schemas-6", "listpairs", "type A {String:nullable Int} representation listpairs", "A", [["a", 1], ["b", None]], {"a": 1, "b": None})
    refused("schemas-6", "listpairs", "type A {String:Int} representation listpairs", "A", {"a": 1}, [["a"]], [["a", 1, 2]], [[1, 1]], [["a", "x"]], [["a", 1], ["a", 2]], ["a", 1])
    both("schemas-6", "stringpairs", "type A {String:Int} " + pairs, "A", "a=1,b=2", {"a": 1, "b": 2})
    both("schemas-6", "stringpairs-empty", "type A {String:Int} " + pairs, "A", "", {})
    both("schemas-6", "stringpairs-text", "type A {String:String} " + pairs, "A", "a=,=b", {"a": "", "": "b"})
    refused("schemas-6", "stringpairs", "type A {String:Int} " + pairs, "A", {"a": 1}, "a", "a=x", "a=1,", "a=1=2", "a=1,a=2", ",", "a=01")
    unwritable("schemas-6", "stringpairs", "type A {String:String} " + pairs, "A", {"a=b": "c"}, {"a": "b,c"}, {"a": 1})
    bad("schemas-6", "no-delimiters", "type A {String:Int} representation stringpairs")
    bad("schemas-6", "one-delimiter", 'type A {String:Int} representation stringpairs { innerDelim "," entryDelim "," }')
    bad("schemas-6", "list-values", "type A {String:[Int]} " + pairs)
    bad("schemas-6", "tuple-map", "type A {String:Int} representation tuple")
    bad("schemas-6", "unknown-advanced", "type A {String:Int} representation advanced X")
    parse("schemas-7", "link", "type A &Any type B &A", {"A": lk("Any"), "B": lk("A")})
    both("schemas-7", "any", "type A &Any", "A", link, link)
    both("schemas-7", "typed", "type A &B type B int", "A", link, link)
    refused("schemas-7", "any", "type A &Any", "A", "bafkqaaa", b"\1", {"/": "x"}, None)

    parse("schemas-8", "struct", "type A struct { x Int y String }", {"A": struct({"x": {"type": "Int"}, "y": {"type": "String"}})})
    parse("schemas-8", "empty", "type A struct {} type B struct { }", {"A": struct({}), "B": struct({})})
    parse("schemas-8", "in-place", "type A struct { x {String:nullable Int} y [&A] z &A }",
          {"A": struct({"x": {"type": {"map": {"keyType": "String", "valueType": "Int", "valueNullable": True}}}, "y": {"type": {"list": {"valueType": lk("A")}}}, "z": {"type": lk("A")}})})
    parse("schemas-8", "explicit-map", "type A struct { x Int } representation map", {"A": struct({"x": {"type": "Int"}})})
    parse("schemas-9", "all-four", "type A struct { a Int b optional Int c nullable Int d optional nullable Int }", {"A": struct({"a": {"type": "Int"}, "b": {"type": "Int", "optional": True}, "c": {"type": "Int", "nullable": True}, "d": {"type": "Int", "optional": True, "nullable": True}})})
    s = "type A struct { x Int y String } type R struct { next optional R v Int }"
    both("schemas-8", "fields", s, "A", {"x": 1, "y": "a"}, {"x": 1, "y": "a"})
    both("schemas-8", "recursive", s, "R", {"v": 1, "next": {"v": 2, "next": {"v": 3}}}, {"v": 1, "next": {"v": 2, "next": {"v": 3}}})
    both("schemas-8", "empty", "type A struct {}", "A", {}, {})
    refused("schemas-8", "fields", s, "A", {"x": 1}, {"y": "a"}, {}, {"x": 1, "y": "a", "z": 1}, {"x": "1", "y": "a"}, {"x": 1, "y": None}, [1, "a"], "x", None)
    refused("schemas-8", "recursive", s, "R", {"v": 1, "next": {"v": "x"}}, {"v": 1, "next": {}}, {"v": 1, "next": None})
    refused("schemas-8", "empty", "type A struct {}", "A", {"x": 1}, [], None)
    unwritable("schemas-8", "fields", s, "A", {"x": 1}, {"x": 1, "y": "a", "z": 1}, {"x": "1", "y": "a"}, [])
    bad("schemas-8", "field-twice", "type A struct { x Int x Int }")
    opt = "type A struct { a Int b optional Int c nullable Int d optional nullable Int }"
    for slug, v in (("all", {"a": 1, "b": 2, "c": 3, "d": 4}), ("none", {"a": 1, "c": None}), ("d-null", {"a": 1, "c": None, "d": None}), ("b-only", {"a": 1, "b": 2, "c": None})):
        both("schemas-9", slug, opt, "A", v, v)
    refused("schemas-9", "optional", opt, "A", {"a": 1, "b": None, "c": 1}, {"a": 1}, {"a": None, "c": 1}, {"c": 1})
    parse("schemas-10", "rename", 'type A struct { x Int (rename "y") }', {"A": struct({"x": {"type": "Int"}}, {"map": {"fields": {"x": {"rename": "y"}}}})})
    both("schemas-10", "rename", 'type A struct { x Int (rename "y") z Int }', "A", {"y": 1, "z": 2}, {"x": 1, "z": 2})
    both("schemas-10", "swap", 'type A struct { x Int (rename "y") y Int (rename "x") }', "A", {"y": 1, "x": 2}, {"x": 1, "y": 2})
    both("schemas-10", "spaces", 'type A struct { x Int (rename "a b\\"c") }', "A", {'a b"c': 1}, {"x": 1})
    refused("schemas-10", "rename", 'type A struct { x Int (rename "y") }', "A", {"x": 1}, {"x": 1, "y": 1})
    bad("schemas-10", "same-key", 'type A struct { x Int y Int (rename "x") }')
    bad("schemas-10", "tuple", 'type A struct { x Int (rename "y") } representation tuple')
    bad_dmt("schemas-10", "unknown-field", {"A": struct({"x": {"type": "Int"}}, {"map": {"fields": {"z": {"rename": "y"}}}})})
    parse("schemas-11", "implicit", 'type A struct { a Bool (implicit false) b String (implicit "yay") c Int (implicit 0) d Int (rename "e" implicit -5) }',
          {"A": struct({"a": {"type": "Bool"}, "b": {"type": "String"}, "c": {"type": "Int"}, "d": {"type": "Int"}}, {"map": {"fields": {"a": {"implicit": False}, "b": {"implicit": "yay"}, "c": {"implicit": 0}, "d": {"rename": "e", "implicit": -5}}}})})
    imp = 'type A struct { a Bool (implicit false) b String (implicit "yay") c Int (implicit 0) }'
    both("schemas-11", "all-implicit", imp, "A", {}, {"a": False, "b": "yay", "c": 0})
    both("schemas-11", "none-implicit", imp, "A", {"a": True, "b": "", "c": 1}, {"a": True, "b": "", "c": 1})
    both("schemas-11", "some", imp, "A", {"c": 7}, {"a": False, "b": "yay", "c": 7})
    refused("schemas-11", "explicit", imp, "A", {"a": False}, {"b": "yay"}, {"c": 0}, {"c": None}, {"a": "x"})
    bad("schemas-11", "optional", "type A struct { a optional Int (implicit 0) }")

    parse("schemas-12", "tuple", "type A struct { x Int y String } representation tuple", {"A": struct({"x": {"type": "Int"}, "y": {"type": "String"}}, {"tuple": {}})})
    parse("schemas-12", "order", 'type A struct { x Int y String } representation tuple { fieldOrder ["y", "x"] }', {"A": struct({"x": {"type": "Int"}, "y": {"type": "String"}}, {"tuple": {"fieldOrder": ["y", "x"]}})})
    tup = "type A struct { x Int y nullable String } representation tuple"
    both("schemas-12", "tuple", tup, "A", [1, "a"], {"x": 1, "y": "a"})
    both("schemas-12", "null", tup, "A", [1, None], {"x": 1, "y": None})
    both("schemas-12", "ordered", 'type A struct { x Int y String } representation tuple { fieldOrder ["y" "x"] }', "A", ["a", 1], {"x": 1, "y": "a"})
    both("schemas-12", "empty", "type A struct {} representation tuple", "A", [], {})
    refused("schemas-12", "tuple", tup, "A", [1], [], [1, "a", 2], ["a", 1], [None, "a"], {"x": 1, "y": "a"}, "x")
    for i, v in enumerate(([1], [1, 2])):
        a.add("schemas-12", f"optional-{i}", "schema.read", {"text": "type A struct { x Int y optional Int } representation tuple", "type": "A", "value": notation(v)}, variants={"at the end": {"out": {"typed": notation({"x": 1} if len(v) == 1 else {"x": 1, "y": 2})}}, "refused": {"err": True}})
    for slug, order in (("short", '["x"]'), ("twice", '["x" "x"]'), ("unknown", '["x" "z"]'), ("long", '["x" "y" "z"]')):
        bad("schemas-12", "order-" + slug, f"type A struct {{ x Int y Int }} representation tuple {{ fieldOrder {order} }}")
    bad("schemas-12", "optional-in-front", "type A struct { x optional Int y Int } representation tuple")
    join = 'type A struct { host String port Int } representation stringjoin { join ":" }'
    parse("schemas-13", "join", join, {"A": struct({"host": {"type": "String"}, "port": {"type": "Int"}}, {"stringjoin": {"join": ":"}})})
    both("schemas-13", "join", join, "A", "localhost:80", {"host": "localhost", "port": 80})
    both("schemas-13", "empty-part", join, "A", ":-1", {"host": "", "port": -1})
    both("schemas-13", "long-delimiter", 'type A struct { a String b String c String } representation stringjoin { join "--" }', "A", "x--y-z--", {"a": "x", "b": "y-z", "c": ""})
    both("schemas-13", "nested", 'type I struct { p String q String } representation stringjoin { join "." } type A struct { i I r String } representation stringjoin { join ":" }', "A", "a.b:c", {"i": {"p": "a", "q": "b"}, "r": "c"})
    refused("schemas-13", "join", join, "A", "localhost", "localhost:x", "a:1:2", "", "a:01", {"host": "a", "port": 1}, ["a", 1])
    unwritable("schemas-13", "join", join, "A", {"host": "a:b", "port": 1}, {"host": "a"}, {"host": "a", "port": "x"})
    bad("schemas-13", "no-delimiter", "type A struct { x String } representation stringjoin")
    bad("schemas-13", "empty-delimiter", 'type A struct { x String } representation stringjoin { join "" }')
    bad("schemas-13", "list", 'type A struct { x [Int] } representation stringjoin { join ":" }')
    bad("schemas-13", "optional", 'type A struct { x optional String } representation stringjoin { join ":" }')
    parse("schemas-14", "pairs", "type A struct { x Int } " + pairs, {"A": struct({"x": {"type": "Int"}}, {"stringpairs": {"innerDelim": "=", "entryDelim": ","}})})
    parse("schemas-14", "listpairs", "type A struct { x Int } representation listpairs", {"A": struct({"x": {"type": "Int"}}, {"listpairs": {}})})
    sp = "type A struct { x Int y optional String } " + pairs
    both("schemas-14", "pairs", sp, "A", "x=1,y=b", {"x": 1, "y": "b"})
    both("schemas-14", "pairs-optional", sp, "A", "x=1", {"x": 1})
    a.add("schemas-14", "pairs-any-order", "schema.read", {"text": sp, "type": "A", "value": "y=b,x=1"}, out={"typed": notation({"x": 1, "y": "b"})})
    refused("schemas-14", "pairs", sp, "A", "y=b", "x=1,x=2", "x=1,z=2", "x", "", "x=1=2", {"x": 1})
    lp = "type A struct { x Int y optional String } representation listpairs"
    both("schemas-14", "list", lp, "A", [["x", 1], ["y", "b"]], {"x": 1, "y": "b"})
    both("schemas-14", "list-optional", lp, "A", [["x", 1]], {"x": 1})
    a.add("schemas-14", "list-any-order", "schema.read", {"text": lp, "type": "A", "value": notation([["y", "b"], ["x", 1]])}, out={"typed": notation({"x": 1, "y": "b"})})
    refused("schemas-14", "list", lp, "A", [], [["y", "b"]], [["x", 1], ["x", 1]], [["x", 1], ["z", 1]], [["x"]], {"x": 1}, [["x", "1"]])

    members = 'type S struct { x Int } type T string '
    keyed = members + 'type A union { | S "s" | Int "i" | &S "l" } representation keyed'
    parse("schemas-15", "keyed", keyed, {"S": struct({"x": {"type": "Int"}}), "T": {"string": {}}, "A": union(["S", "Int", lk("S")], {"keyed": {"s": "S", "i": "Int", "l": lk("S")}})})
    for v, t in (({"s": {"x": 1}}, {"S": {"x": 1}}), ({"i": 5}, {"Int": 5})):
        both("schemas-15", list(v)[0], keyed, "A", v, t)
    open_names("schemas-15", "l", keyed, "A", {"l": link}, {"&S": link}, "&S", "Link__S", {"Link__S": link})
    refused("schemas-15", "keyed", keyed, "A", {}, {"s": {"x": 1}, "i": 5}, {"z": 1}, {"s": 5}, {"Int": 5}, 5, ["s", {"x": 1}], None, {"i": None})
    unwritable("schemas-15", "keyed", keyed, "A", {"i": 5}, {}, {"S": {"x": 1}, "Int": 5}, 5)
    bad("schemas-15", "same-key", 'type A union { | Int "a" | String "a" } representation keyed')
    bad("schemas-15", "same-member", 'type A union { | Int "a" | Int "b" } representation keyed')
    kinded = members + "type A union { | S map | Int int | T string | &S link | List list | Bool bool | Bytes bytes | Float float } representation kinded"
    parse("schemas-16", "kinded", "type A union { | Int int | &Any link } representation kinded", {"A": union(["Int", lk("Any")], {"kinded": {"int": "Int", "link": lk("Any")}})})
    for slug, v, t in (("map", {"x": 1}, {"S": {"x": 1}}), ("int", 5, {"Int": 5}), ("string", "t", {"T": "t"}), ("list", [1], {"List": [1]}), ("bool", True, {"Bool": True}), ("bytes", b"\1", {"Bytes": b"\1"}), ("float", 0.5, {"Float": 0.5})):
        both("schemas-16", slug, kinded, "A", v, t)
    open_names("schemas-16", "link", kinded, "A", link, {"&S": link}, "&S", "Link__S", {"Link__S": link})
    refused("schemas-16", "kinded", kinded, "A", None, {"y": 1}, {})
    refused("schemas-16", "two", "type A union { | Int int | String string } representation kinded", "A", True, 0.5, [], {}, b"", link)
    for slug, text in (("wrong-kind", "type A union { | Int string } representation kinded"), ("struct-as-list", "type S struct { x Int } type A union { | S list } representation kinded"), ("unknown-kind", "type A union { | Int number } representation kinded"), ("itself", "type A union { | A map } representation kinded"),
                       ("each-other", "type A union { | B map } representation kinded type B union { | A map } representation kinded")):
        bad("schemas-16", slug, text)
    env = members + 'type A union { | S "s" | Int "i" } representation envelope { discriminantKey "tag" contentKey "content" }'
    parse("schemas-17", "envelope", env, {"S": struct({"x": {"type": "Int"}}), "T": {"string": {}}, "A": union(["S", "Int"], {"envelope": {"discriminantKey": "tag", "contentKey": "content", "discriminantTable": {"s": "S", "i": "Int"}}})})
    both("schemas-17", "struct", env, "A", {"tag": "s", "content": {"x": 1}}, {"S": {"x": 1}})
    both("schemas-17", "int", env, "A", {"content": 5, "tag": "i"}, {"Int": 5})
    refused("schemas-17", "envelope", env, "A", {"tag": "s"}, {"content": 5}, {"tag": "z", "content": 5}, {"tag": "i", "content": "x"}, {"tag": "i", "content": 5, "x": 1}, {"tag": 5, "content": 5}, 5, {})
    bad("schemas-17", "one-key", 'type A union { | Int "i" } representation envelope { discriminantKey "x" contentKey "x" }')
    bad("schemas-17", "no-content", 'type A union { | Int "i" } representation envelope { discriminantKey "x" }')
    inl = 'type S struct { x Int } type O struct { y optional Int z Int (rename "w") } type A union { | S "s" | O "o" } representation inline { discriminantKey "tag" }'
    both("schemas-18", "struct", inl, "A", {"tag": "s", "x": 1}, {"S": {"x": 1}})
    both("schemas-18", "renamed", inl, "A", {"tag": "o", "w": 1}, {"O": {"z": 1}})
    refused("schemas-18", "inline", inl, "A", {"x": 1}, {"tag": "s"}, {"tag": "z", "x": 1}, {"tag": "s", "w": 1}, {"tag": "s", "x": 1, "y": 1}, {"tag": 1, "x": 1}, {}, [], {"tag": "s", "x": "1"})
    bad("schemas-18", "not-a-struct", 'type A union { | Map "m" } representation inline { discriminantKey "tag" }')
    bad("schemas-18", "a-tuple", 'type S struct { x Int } representation tuple type A union { | S "s" } representation inline { discriminantKey "tag" }')
    bad("schemas-18", "collision", 'type S struct { tag Int } type A union { | S "s" } representation inline { discriminantKey "tag" }')
    bad("schemas-18", "renamed-collision", 'type S struct { x Int (rename "tag") } type A union { | S "s" } representation inline { discriminantKey "tag" }')
    pre = 'type F string type G enum { | On ("1") | Off ("0") } type A union { | F "foo:" | G "g:" } representation stringprefix'
    parse("schemas-19", "stringprefix", 'type F string type A union { | F "foo:" } representation stringprefix', {"F": {"string": {}}, "A": union(["F"], {"stringprefix": {"prefixes": {"foo:": "F"}}})})
    parse("schemas-19", "bytesprefix", 'type F bytes type A union { | F "00FF" } representation bytesprefix', {"F": {"bytes": {}}, "A": union(["F"], {"bytesprefix": {"prefixes": {"00FF": "F"}}})})
    both("schemas-19", "string", pre, "A", "foo:bar", {"F": "bar"})
    both("schemas-19", "string-empty", pre, "A", "foo:", {"F": ""})
    both("schemas-19", "string-enum", pre, "A", "g:1", {"G": "On"})
    refused("schemas-19", "string", pre, "A", "foo", "bar:x", "", "g:2", "Foo:x", b"foo:x", 5)
    byt = 'type F bytes type G bytes type A union { | F "00" | G "01FF" } representation bytesprefix'
    both("schemas-19", "bytes", byt, "A", b"\0abc", {"F": b"abc"})
    both("schemas-19", "bytes-long", byt, "A", b"\1\xff", {"G": b""})
    refused("schemas-19", "bytes", byt, "A", b"\1", b"", b"\2\0", "\0a", 5)
    for slug, text in (("empty", 'type A union { | String "" } representation stringprefix'), ("of-another", 'type F string type A union { | F "a" | String "ab" } representation stringprefix'), ("not-a-string", 'type A union { | Int "a" } representation stringprefix'), ("not-bytes", 'type A union { | String "00" } representation bytesprefix'),
                       ("not-hex", 'type A union { | Bytes "0G" } representation bytesprefix'), ("odd-hex", 'type A union { | Bytes "0" } representation bytesprefix')):
        bad("schemas-19", "prefix-" + slug, text)
    parse("schemas-20", "string", 'type A enum { | X | Y ("y") }', {"A": {"enum": {"members": ["X", "Y"], "representation": {"string": {"Y": "y"}}}}})
    parse("schemas-20", "int", 'type A enum { | X ("0") | Y ("100") } representation int', {"A": {"enum": {"members": ["X", "Y"], "representation": {"int": {"X": 0, "Y": 100}}}}})
    es, ei = 'type A enum { | X | Y ("y") }', 'type A enum { | X ("0") | Y ("100") } representation int'
    both("schemas-20", "name", es, "A", "X", "X")
    both("schemas-20", "text", es, "A", "y", "Y")
    both("schemas-20", "number", ei, "A", 100, "Y")
    refused("schemas-20", "string", es, "A", "Y", "x", "", 0, None, ["X"], {"X": 1})
    refused("schemas-20", "int", ei, "A", 1, "X", "0", None, 0.5)
    unwritable("schemas-20", "string", es, "A", "y", 5)
    for slug, text in (("twice", "type A enum { | X | X }"), ("same-text", 'type A enum { | X ("y") | Y ("y") }'), ("text-of-another", 'type A enum { | X | Y ("X") }'), ("same-number", 'type A enum { | X ("1") | Y ("1") } representation int'), ("no-number", "type A enum { | X } representation int"), ("not-a-number", 'type A enum { | X ("a") } representation int')):
        bad("schemas-20", slug, text)
    bad_dmt("schemas-20", "value-of-no-member", {"A": {"enum": {"members": ["X"], "representation": {"string": {"Z": "z"}}}}})
    for how, v in (("null", None), ("true", True), ("false", False), ("emptymap", {})):
        parse("schemas-21", how, f"type A unit representation {how}", {"A": {"unit": {"representation": how}}})
        both("schemas-21", how, f"type A unit representation {how}", "A", v, None)
        refused("schemas-21", how, f"type A unit representation {how}", "A", *[x for x in (None, True, False, {}, 0, "", {"a": 1}) if x is not v and not (v == {} and x == {})])
    bad("schemas-21", "unknown", "type A unit representation zero")
    parse("schemas-22", "copy", "type A = B type B int", {"A": {"copy": {"fromType": "B"}}, "B": {"int": {}}})
    both("schemas-22", "copy", "type A = B type B struct { x Int }", "A", {"x": 1}, {"x": 1})
    both("schemas-22", "chain", "type A = B type B = C type C [Int]", "A", [1], [1])
    both("schemas-22", "prelude", "type A = Int", "A", 1, 1)
    bad("schemas-22", "unknown", "type A = B")
    bad("schemas-22", "circle", "type A = B type B = A")
    bad("schemas-22", "itself", "type A = A")
    bad("schemas-23", "twice", "type A int type A int")
    bad("schemas-23", "twice-advanced", "advanced X advanced X")
    for slug, types in (("name", {"a": {"int": {}}}), ("kind", {"A": {"number": {}}}), ("two-kinds", {"A": {"int": {}, "string": {}}}), ("empty", {"A": {}}), ("list", {"A": []}), ("text", {"A": "int"}), ("int-with-more", {"A": {"int": {"x": 1}}}), ("map-no-key", {"A": {"map": {"valueType": "Int"}}}), ("map-no-value", {"A": {"map": {"keyType": "String"}}}), ("list-in-place-struct", {"A": {"list": {"valueType": struct({})}}}),
                        ("struct-no-fields", {"A": {"struct": {"representation": {"map": {}}}}}), ("field-more", {"A": struct({"x": {"type": "Int", "color": 1}})}), ("field-optional", {"A": struct({"x": {"type": "Int", "optional": 1}})}), ("unknown-representation", {"A": struct({}, {"spiral": {}})}), ("two-representations", {"A": struct({}, {"map": {}, "tuple": {}})}), ("members-missing", {"A": union(["Int"], {"keyed": {"i": "Int", "s": "String"}})}),
                        ("members-other", {"A": union(["Int"], {"keyed": {"i": "String"}})}), ("enum-no-representation", {"A": {"enum": {"members": ["X"]}}}), ("unit-no-representation", {"A": {"unit": {}}}), ("copy-more", {"A": {"copy": {"fromType": "Int", "x": 1}}})):
        bad_dmt("schemas-23", slug, types)
    a.add("schemas-23", "no-types", "schema.check", {"dmt": notation({})}, err="malformed")
    bad_dmt("schemas-23", "more-on-top", {"A": {"int": {}}}, color=1)
    a.add("schemas-23", "deep", "schema.check", {"text": "type A " + "[" * 20000}, err="malformed")
    a.add("schemas-23", "endless-text", "schema.read", {"text": 'type A struct { a A } representation stringjoin { join ":" }', "type": "A", "value": "x"}, err="mismatch")
    a.write()


if __name__ == "__main__":
    make_schemas()
