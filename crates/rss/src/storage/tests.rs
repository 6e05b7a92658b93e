//! Values written with their types. What is expected was written by the original of the same
//! types and values.

use sockcore::btf::{TypeId, Types};

use super::declaration::TypeNames;
use super::value::Writer;

/// Type information under construction.
#[derive(Default)]
struct Builder {
    types: Vec<u8>,
    strings: Vec<u8>,
    count: u32,
}

const INT: u32 = 1;
const POINTER: u32 = 2;
const ARRAY: u32 = 3;
const STRUCT: u32 = 4;
const UNION: u32 = 5;
const ENUM: u32 = 6;
const FORWARD: u32 = 7;
const TYPEDEF: u32 = 8;
const CONST: u32 = 10;
const PROTOTYPE: u32 = 13;
const FLOAT: u32 = 16;
/// The flag of a kind: bit fields, signed values.
const FLAG: u32 = 1 << 7;
const SIGNED: u32 = 1 << 24;

impl Builder {
    fn new() -> Self {
        Self {
            strings: vec![0],
            ..Self::default()
        }
    }

    fn string(&mut self, text: &str) -> u32 {
        if text.is_empty() {
            return 0;
        }
        let at = self.strings.len() as u32;
        self.strings.extend_from_slice(text.as_bytes());
        self.strings.push(0);
        at
    }

    fn add(&mut self, name: &str, kind: u32, count: u32, size: u32, own: &[u32]) -> u32 {
        let name = self.string(name);
        for word in [name, kind << 24 | count, size].iter().chain(own) {
            self.types.extend_from_slice(&word.to_ne_bytes());
        }
        self.count += 1;
        self.count
    }

    fn members(&mut self, name: &str, kind: u32, size: u32, members: &[(&str, u32, u32)]) -> u32 {
        let mut own = Vec::new();
        for (name, kind, offset) in members {
            own.extend_from_slice(&[self.string(name), *kind, *offset]);
        }
        let has_bits = members.iter().any(|(_, _, offset)| offset >> 24 > 0);
        let kind = if has_bits { kind | FLAG } else { kind };
        self.add(name, kind, members.len() as u32, size, &own)
    }

    fn bytes(&self) -> Vec<u8> {
        let lengths = (self.types.len() as u32, self.strings.len() as u32);
        let mut bytes = Vec::new();
        bytes.extend_from_slice(&0xeb9f_u16.to_ne_bytes());
        bytes.extend_from_slice(&[1, 0]);
        for word in [24, 0, lengths.0, lengths.0, lengths.1] {
            bytes.extend_from_slice(&u32::to_ne_bytes(word));
        }
        bytes.extend_from_slice(&self.types);
        bytes.extend_from_slice(&self.strings);
        bytes
    }
}

/// Keeps a value at an address that eight divides.
#[repr(align(8))]
struct Aligned([u8; 128]);

fn written(types: &Types, id: u32, value: &[u8], compact: bool) -> String {
    let mut buffer = Aligned([0; 128]);
    let value = {
        let place = &mut buffer.0[..value.len()];
        place.copy_from_slice(value);
        &*place
    };
    let mut out = Vec::new();
    let mut names = TypeNames::default();
    let mut writer = Writer::new(&mut out, types, &mut names, value, compact);
    if let Err(failure) = writer.write(TypeId(id)) {
        out.extend_from_slice(format!("!{}", failure.errno.0).as_bytes());
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// A structure of every kind, and a value of it.
fn everything() -> (Builder, u32, Vec<u8>) {
    let mut b = Builder::new();
    let int = b.add("int", INT, 0, 4, &[SIGNED | 32]);
    let byte = b.add("unsigned char", INT, 0, 1, &[8]);
    let char = b.add("char", INT, 0, 1, &[SIGNED | 8]);
    let long = b.add("unsigned long", INT, 0, 8, &[64]);
    let bool = b.add("_Bool", INT, 0, 1, &[4 << 24 | 8]);
    let short = b.add("short", INT, 0, 2, &[SIGNED | 16]);
    let (red, green) = (b.string("RED"), b.string("GREEN"));
    let color = b.add("color", ENUM, 2, 4, &[red, 0, green, 5]);
    let pointer = b.add("", POINTER, 0, int, &[]);
    let chars = b.add("", ARRAY, 0, 0, &[char, int, 4]);
    let float = b.add("float", FLOAT, 0, 4, &[]);
    let double = b.add("double", FLOAT, 0, 8, &[]);
    let named = b.add("u32_t", TYPEDEF, 0, int, &[]);
    let constant = b.add("", CONST, 0, named, &[]);
    let inner = b.members("", STRUCT, 8, &[("x", int, 0), ("y", int, 32)]);
    let either = b.members("un", UNION, 4, &[("i", int, 0), ("c", byte, 0)]);
    let three = b.add("", ARRAY, 0, 0, &[int, int, 3]);
    let none = b.add("", ARRAY, 0, 0, &[int, int, 0]);
    let pair = b.add("", ARRAY, 0, 0, &[byte, int, 2]);
    let square = b.add("", ARRAY, 0, 0, &[pair, int, 2]);
    let members = [
        ("a", int, 0),
        ("name", chars, 32),
        ("p", pointer, 64),
        ("e", color, 128),
        ("b", bool, 160),
        ("s", short, 176),
        ("f", float, 192),
        ("t", constant, 224),
        ("d", double, 256),
        ("", inner, 320),
        ("u", either, 384),
        ("k", long, 448),
        ("arr", three, 512),
        ("z", none, 608),
        ("q", square, 608),
    ];
    let all = b.members("val", STRUCT, 104, &members);
    let mut value = Vec::new();
    value.extend_from_slice(&(-7i32).to_ne_bytes());
    value.extend_from_slice(b"ab\0c");
    value.extend_from_slice(&0x1234u64.to_ne_bytes());
    value.extend_from_slice(&5i32.to_ne_bytes());
    value.extend_from_slice(&[1, 0]);
    value.extend_from_slice(&(-3i16).to_ne_bytes());
    value.extend_from_slice(&1.5f32.to_ne_bytes());
    value.extend_from_slice(&77i32.to_ne_bytes());
    value.extend_from_slice(&2.25f64.to_ne_bytes());
    for number in [1, 2, 65, 0] {
        value.extend_from_slice(&i32::to_ne_bytes(number));
    }
    value.extend_from_slice(&(1u64 << 63).to_ne_bytes());
    for number in [1, 2, 3] {
        value.extend_from_slice(&i32::to_ne_bytes(number));
    }
    value.extend_from_slice(b"abcd");
    value.resize(104, 0);
    (b, all, value)
}

#[test]
fn a_value_of_every_kind_is_written_as_by_the_original() {
    let (builder, id, value) = everything();
    let types = Types::parse(&builder.bytes()).unwrap();
    assert_eq!(
        written(&types, id, &value, true),
        "(struct val){.a = (int)-7,.name = (char[4])['a','b','\\0',],.p = (int *)0x1234,\
         .e = (enum color)GREEN,.b = (_Bool)1,.s = (short)-3,.f = (float)1.500000,\
         .t = (u32_t)77,.d = (double)2.250000,(struct){.x = (int)1,.y = (int)2,},\
         .u = (union un){.i = (int)65,.c = (unsigned char)'A',},\
         .k = (unsigned long)9223372036854775808,.arr = (int[3])[1,2,3,],.z = (int[0])[],\
         .q = (unsigned char[2][2])[['a','b',],['c','d',],],}"
    );
    let wide = written(&types, id, &value, false);
    assert!(wide.starts_with("\t\t(struct val){\n\t\t\t.a = (int)-7,\n\t\t\t.name = (char[4])[\n"));
    assert!(wide.ends_with("\t\t\t\t\t'd',\n\t\t\t\t],\n\t\t\t],\n\t\t}"));
}

#[test]
fn oddities_of_the_original_are_kept() {
    let mut b = Builder::new();
    let int = b.add("int", INT, 0, 4, &[SIGNED | 32]);
    let byte = b.add("u8", INT, 0, 1, &[8]);
    let bytes = b.add("", ARRAY, 0, 0, &[byte, int, 2]);
    let (one, two) = (b.string("ONE"), b.string("TWO"));
    let signed = b.add("en", ENUM | FLAG, 1, 4, &[one, 1]);
    let nameless = b.add("", ENUM, 1, 4, &[two, 2]);
    let void = b.add("", POINTER, 0, 0, &[]);
    let first = b.members("same", STRUCT, 4, &[("i", int, 0)]);
    let second = b.members("same", STRUCT, 4, &[("i", int, 0)]);
    let forward = b.add("fw", FORWARD, 0, 0, &[]);
    let to_forward = b.add("", POINTER, 0, forward, &[]);
    let argument = b.string("p");
    let function = b.add(
        "",
        PROTOTYPE,
        3,
        int,
        &[argument, to_forward, 0, byte, 0, 0],
    );
    let to_function = b.add("", POINTER, 0, function, &[]);
    let to_array = b.add("", POINTER, 0, bytes, &[]);
    let half = b.add("half", FLOAT, 0, 2, &[]);
    let flags = b.members(
        "",
        STRUCT,
        4,
        &[("x", int, 3 << 24), ("y", int, 5 << 24 | 3)],
    );
    let both = b.members("", STRUCT, 8, &[("", first, 0), ("", second, 32)]);
    let letters = [("s", bytes, 0), ("a", byte, 16), ("b", byte, 24)];
    let letters = b.members("", STRUCT, 4, &letters);
    let signs = b.members("", STRUCT, 8, &[("e", signed, 0), ("i", int, 32)]);
    let types = Types::parse(&b.bytes()).unwrap();
    let show = |id, value: &[u8]| written(&types, id, value, true);
    assert_eq!(show(signed, &1u32.to_ne_bytes()), "(enum en)ONE");
    assert_eq!(show(signed, &(-2i32).to_ne_bytes()), "(enum en)-2");
    // Nothing ends a signed number that has no name.
    assert_eq!(
        show(signs, &[9, 0, 0, 0, 0, 0, 0, 0]),
        "(struct){.e = (enum en)9.i = (int)0,}"
    );
    assert_eq!(show(nameless, &2u32.to_ne_bytes()), "(enum )TWO");
    assert_eq!(show(void, &[0; 8]), "(void *)(nil)");
    assert_eq!(show(to_array, &[0; 8]), "(u8(*)[2])(nil)");
    assert_eq!(
        show(to_function, &[0; 8]),
        "(int (*)(struct fw *p, u8, ...))(nil)"
    );
    assert_eq!(show(half, &[0; 2]), "(half)!22");
    let bits = (0b101u32 | 0b10110 << 3).to_ne_bytes();
    assert_eq!(
        show(flags, &bits),
        "(struct){.x = (int)0x5,.y = (int)0x16,}"
    );
    assert_eq!(
        show(both, &[0; 8]),
        "(struct){(struct same){.i = (int)0,},(struct same___2){.i = (int)0,},}"
    );
    // Once there was an array of bytes, all of them are letters, and a NUL ends them all.
    assert_eq!(
        show(letters, b"x\0A\0"),
        "(struct){.s = (u8[2])['x','\\0',],.a = (u8)'A',.b = (u8)'\\0',}"
    );
    assert_eq!(
        show(letters, b"xy\0A"),
        "(struct){.s = (u8[2])['x','y',],.a = (u8)'\\0',.b = (u8)}"
    );
}

#[test]
fn damaged_type_information_makes_no_panic() {
    let (builder, id, value) = everything();
    let whole = builder.bytes();
    let mut seed = 0x5eed_7777_u64;
    let mut next = |limit: usize| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        (seed >> 16) as usize % limit
    };
    let mut understood = 0;
    for round in 0..20_000 {
        let mut bytes = whole.clone();
        for _ in 0..=next(3) {
            let at = next(bytes.len());
            bytes[at] = match next(3) {
                0 => next(24) as u8,
                1 => bytes[at] ^ (1 << next(8)),
                _ => next(256) as u8,
            };
        }
        if round % 5 == 0 {
            bytes.truncate(next(bytes.len()));
        }
        let Some(types) = Types::parse(&bytes) else {
            continue;
        };
        understood += 1;
        let id = if round % 3 == 0 { next(30) as u32 } else { id };
        std::hint::black_box(written(&types, id, &value, round % 2 == 0));
    }
    assert!(understood > 5_000, "{understood}");
}
