//! Types of values that BPF programs store: the type information that came with a program
//! (`struct btf_header`, `struct btf_type`).

/// Size of `struct btf_header`, of `struct btf_type`.
const HEADER: usize = 24;
const TYPE: usize = 12;
const MAGIC: u16 = 0xeb9f;
/// Modifiers and typedefs that are followed at most; no chain the kernel accepts is longer.
const CHAIN: usize = 64;
/// Arrays in arrays that are multiplied at most.
const DIMENSIONS: usize = 64;

/// The number of a type; 0 is `void`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct TypeId(pub u32);

/// All types of one program.
#[derive(Clone, Debug, Default)]
pub struct Types {
    types: Vec<Type>,
    strings: Vec<u8>,
}

/// A type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Type {
    name: u32,
    /// What it is.
    pub kind: Kind,
}

/// What a type is. Sizes are in bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `BTF_KIND_INT`
    Int(Int),
    /// `BTF_KIND_PTR`: to what.
    Pointer(TypeId),
    /// `BTF_KIND_ARRAY`
    Array {
        /// Of what.
        element: TypeId,
        /// How many.
        count: u32,
    },
    /// `BTF_KIND_STRUCT`
    Struct(Composite),
    /// `BTF_KIND_UNION`
    Union(Composite),
    /// `BTF_KIND_ENUM`, `BTF_KIND_ENUM64`
    Enum(Enumeration),
    /// `BTF_KIND_FWD`: known by name alone.
    Forward {
        /// A union, not a struct.
        union: bool,
    },
    /// `BTF_KIND_TYPEDEF`
    Typedef(TypeId),
    /// `BTF_KIND_CONST`
    Const(TypeId),
    /// `BTF_KIND_VOLATILE`
    Volatile(TypeId),
    /// `BTF_KIND_RESTRICT`
    Restrict(TypeId),
    /// `BTF_KIND_TYPE_TAG`
    TypeTag(TypeId),
    /// `BTF_KIND_FUNC_PROTO`
    Prototype {
        /// What is returned.
        result: TypeId,
        /// What is taken.
        parameters: Vec<Parameter>,
    },
    /// `BTF_KIND_FLOAT`: its size.
    Float(u32),
    /// Any other kind, by its number: none of them is a value's.
    Other(u8),
}

/// `BTF_KIND_INT`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Int {
    /// Bytes.
    pub size: u32,
    /// `BTF_INT_BITS`
    pub bits: u32,
    /// `BTF_INT_OFFSET`: bits in front of it.
    pub offset: u32,
    /// `BTF_INT_SIGNED`
    pub signed: bool,
    /// `BTF_INT_CHAR`
    pub char: bool,
    /// `BTF_INT_BOOL`
    pub boolean: bool,
}

/// A struct or a union.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Composite {
    /// Bytes.
    pub size: u32,
    /// In order.
    pub members: Vec<Member>,
}

/// `struct btf_member`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Member {
    name: u32,
    /// Of what type.
    pub kind: TypeId,
    /// Bits in front of it.
    pub offset: u32,
    /// How many bits it has, if it is a bit field that says so; else 0.
    pub width: u32,
}

/// An enumeration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enumeration {
    /// Bytes.
    pub size: u32,
    /// Its values are signed.
    pub signed: bool,
    /// Values have 64 bits.
    pub wide: bool,
    /// Names and values.
    pub values: Vec<(Name, i64)>,
}

/// A name in the table of strings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Name(u32);

/// `struct btf_param`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parameter {
    name: u32,
    /// Of what type; 0 in the last one: any number of any type.
    pub kind: TypeId,
}

fn word(bytes: &[u8], offset: usize) -> Option<u32> {
    let chunk = bytes.get(offset..)?.first_chunk()?;
    Some(u32::from_ne_bytes(*chunk))
}

impl Types {
    /// Reads type information; `None`: it is damaged.
    #[must_use]
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        let magic = u16::from_ne_bytes(*bytes.first_chunk()?);
        if magic != MAGIC || bytes.len() < HEADER {
            return None;
        }
        let field = |offset: usize| usize::try_from(word(bytes, offset)?).ok();
        let header = field(4)?;
        let section = |offset: usize| {
            let start = header.checked_add(field(offset)?)?;
            bytes.get(start..start.checked_add(field(offset + 4)?)?)
        };
        let (mut rest, strings) = (section(8)?, section(16)?);
        let mut types = Vec::new();
        while !rest.is_empty() {
            let (kind, after) = Type::split(rest)?;
            types.push(kind);
            rest = after;
        }
        Some(Self {
            types,
            strings: strings.to_vec(),
        })
    }

    /// The type of a number.
    #[must_use]
    pub fn get(&self, id: TypeId) -> Option<&Type> {
        self.types.get(usize::try_from(id.0).ok()?.checked_sub(1)?)
    }

    fn string(&self, offset: u32) -> &[u8] {
        let rest = usize::try_from(offset)
            .ok()
            .and_then(|offset| self.strings.get(offset..));
        rest.and_then(|rest| rest.split(|&byte| byte == 0).next())
            .unwrap_or_default()
    }

    /// The name of a type; empty: it has none.
    #[must_use]
    pub fn name(&self, of: &Type) -> &[u8] {
        self.string(of.name)
    }

    /// The name of a member; empty: it has none.
    #[must_use]
    pub fn member_name(&self, of: &Member) -> &[u8] {
        self.string(of.name)
    }

    /// The name of a parameter; empty: it has none.
    #[must_use]
    pub fn parameter_name(&self, of: &Parameter) -> &[u8] {
        self.string(of.name)
    }

    /// The name of an enumeration's value.
    #[must_use]
    pub fn value_name(&self, of: Name) -> &[u8] {
        self.string(of.0)
    }

    /// The number of the type behind qualifiers, and with `typedefs` behind names for it.
    #[must_use]
    pub fn behind(&self, mut id: TypeId, typedefs: bool) -> TypeId {
        for _ in 0..CHAIN {
            id = match self.get(id).map(|found| &found.kind) {
                Some(Kind::Typedef(next)) if typedefs => *next,
                Some(
                    Kind::Const(next)
                    | Kind::Volatile(next)
                    | Kind::Restrict(next)
                    | Kind::TypeTag(next),
                ) => *next,
                _ => return id,
            };
        }
        TypeId(0)
    }

    /// How many bytes a value of the type has; `None`: such a value cannot be.
    #[must_use]
    pub fn size(&self, id: TypeId) -> Option<u64> {
        let mut id = id;
        let mut times: u64 = 1;
        for _ in 0..DIMENSIONS {
            let size = match &self.get(self.behind(id, true))?.kind {
                Kind::Int(int) => int.size.into(),
                Kind::Struct(composite) | Kind::Union(composite) => composite.size.into(),
                Kind::Enum(enumeration) => enumeration.size.into(),
                Kind::Float(size) => u64::from(*size),
                Kind::Pointer(_) => 8,
                Kind::Array { element, count } => {
                    times = times.checked_mul((*count).into())?;
                    id = *element;
                    continue;
                }
                _ => return None,
            };
            return times.checked_mul(size);
        }
        None
    }
}

impl Type {
    /// Splits the first type off.
    fn split(bytes: &[u8]) -> Option<(Self, &[u8])> {
        let (head, rest) = bytes.split_at_checked(TYPE)?;
        let (info, size) = (word(head, 4)?, word(head, 8)?);
        let count = usize::try_from(info & 0xffff).ok()?;
        let flagged = info >> 31 == 1;
        let kind_number = (info >> 24 & 0x1f) as u8;
        let inner = TypeId(size);
        let own = match kind_number {
            1 | 14 | 17 => 4,
            3 => 12,
            4 | 5 | 15 | 19 => 12 * count,
            6 | 13 => 8 * count,
            2 | 7..=12 | 16 | 18 => 0,
            _ => return None,
        };
        let (own, rest) = rest.split_at_checked(own)?;
        let composite = || Composite {
            size,
            members: own
                .chunks_exact(12)
                .filter_map(|member| Member::read(member, flagged))
                .collect(),
        };
        let kind = match kind_number {
            1 => Kind::Int(Int::read(size, word(own, 0)?)),
            2 => Kind::Pointer(inner),
            3 => Kind::Array {
                element: TypeId(word(own, 0)?),
                count: word(own, 8)?,
            },
            4 => Kind::Struct(composite()),
            5 => Kind::Union(composite()),
            6 | 19 => Kind::Enum(Enumeration::read(size, flagged, kind_number == 19, own)),
            7 => Kind::Forward { union: flagged },
            8 => Kind::Typedef(inner),
            9 => Kind::Volatile(inner),
            10 => Kind::Const(inner),
            11 => Kind::Restrict(inner),
            13 => Kind::Prototype {
                result: inner,
                parameters: own
                    .chunks_exact(8)
                    .filter_map(|parameter| {
                        Some(Parameter {
                            name: word(parameter, 0)?,
                            kind: TypeId(word(parameter, 4)?),
                        })
                    })
                    .collect(),
            },
            16 => Kind::Float(size),
            18 => Kind::TypeTag(inner),
            other => Kind::Other(other),
        };
        let name = word(head, 0)?;
        Some((Self { name, kind }, rest))
    }
}

impl Int {
    fn read(size: u32, encoded: u32) -> Self {
        let flags = encoded >> 24 & 0xf;
        Self {
            size,
            bits: encoded & 0xff,
            offset: encoded >> 16 & 0xff,
            signed: flags & 1 != 0,
            char: flags & 2 != 0,
            boolean: flags & 4 != 0,
        }
    }
}

impl Member {
    /// With `flagged` the upper eight bits of the offset are a width.
    fn read(bytes: &[u8], flagged: bool) -> Option<Self> {
        let place = word(bytes, 8)?;
        let (offset, width) = if flagged {
            (place & 0x00ff_ffff, place >> 24)
        } else {
            (place, 0)
        };
        Some(Self {
            name: word(bytes, 0)?,
            kind: TypeId(word(bytes, 4)?),
            offset,
            width,
        })
    }
}

impl Enumeration {
    fn read(size: u32, signed: bool, wide: bool, bytes: &[u8]) -> Self {
        let values = bytes
            .chunks_exact(if wide { 12 } else { 8 })
            .filter_map(|value| {
                let low = word(value, 4)?;
                let number = if wide {
                    (u64::from(word(value, 8)?) << 32 | u64::from(low)).cast_signed()
                } else {
                    low.cast_signed().into()
                };
                Some((Name(word(value, 0)?), number))
            })
            .collect();
        Self {
            size,
            signed,
            wide,
            values,
        }
    }
}
