//! Every descriptor of every process in one stream, with the text of its link and what `stat`
//! tells of its file: `iter/task_file`.

use std::os::fd::{AsRawFd as _, OwnedFd};

use super::btf::{Wanted, look_up};
use super::program::{FileOffsets, SOCKFS_MAGIC, file_record as record, open_files};
use super::task_file::run;
use crate::error::Errno;
use crate::guard::FileStat;
use crate::id::{DeviceId, Fd, Inode, Pid};
use crate::socket::bytes::{u32_at, u64_at};
use crate::sys::bpf::create_mappable_value;

/// At most so much comes in one read, and a record is never cut.
const BLOCK: usize = 32 * 1024;

/// File systems whose `stat` is what the inode holds: ext2 to ext4, tmpfs and devtmpfs, XFS, pipes,
/// pseudo terminals, sockets. Others make it up (btrfs, overlay, FUSE, network, anonymous inodes).
const PLAIN: [u64; 6] = [
    0xef53,
    0x0102_1994,
    0x5846_5342,
    0x5049_5045,
    0x1cd1,
    SOCKFS_MAGIC as u64,
];

/// From here on the stream's own number is looked for: what the process opens next has the number
/// that it would have without.
const OUT_OF_THE_WAY: i32 = 200;

const FMODE_READ: u32 = 1;
const FMODE_WRITE: u32 = 2;

/// A descriptor as the walk told it.
#[derive(Debug)]
pub struct OpenFile<'a> {
    /// Its number.
    pub fd: Fd,
    /// The text of its link in `/proc/PID/fd`, as `readlink` gives it. `None`: not told.
    pub link: Option<&'a [u8]>,
    /// What `stat` tells of the file. `None`: the file system makes that up, it has to be asked.
    pub stat: Option<FileStat>,
    /// Whether it is open for reading (`FMODE_READ`).
    pub reads: bool,
    /// Whether it is open for writing (`FMODE_WRITE`).
    pub writes: bool,
}

/// The stream, in the order of processes and then of descriptors. Only processes' own tables, no
/// thread's.
#[derive(Debug)]
pub struct OpenFiles {
    iterator: OwnedFd,
    buffer: Vec<u8>,
    /// What of the buffer was not handed over yet.
    start: usize,
    end: usize,
    ended: bool,
    /// The text of a socket's link.
    text: Vec<u8>,
}

impl OpenFiles {
    /// Loads and starts the walk; `None` when the kernel cannot or will not.
    pub(crate) fn open() -> Option<Self> {
        let found = look_up(&Wanted {
            functions: &["bpf_iter_task_file"],
            structures: &[],
            members: &[
                ("task_struct", "tgid"),
                ("task_struct", "pid"),
                ("file", "f_inode"),
                ("file", "f_mode"),
                ("file", "f_path"),
                ("inode", "i_mode"),
                ("inode", "i_nlink"),
                ("inode", "i_ino"),
                ("inode", "i_size"),
                ("inode", "i_rdev"),
                ("inode", "i_sb"),
                ("super_block", "s_dev"),
                ("super_block", "s_magic"),
            ],
        })?;
        let &[function] = found.functions.as_slice() else {
            return None;
        };
        let &[
            tgid,
            pid,
            f_inode,
            f_mode,
            f_path,
            i_mode,
            i_nlink,
            i_ino,
            i_size,
            i_rdev,
            i_sb,
            s_dev,
            s_magic,
        ] = found.members.as_slice()
        else {
            return None;
        };
        let offsets = FileOffsets {
            tgid,
            pid,
            f_inode,
            f_mode,
            f_path,
            i_mode,
            i_nlink,
            i_ino,
            i_size,
            i_rdev,
            i_sb,
            s_dev,
            s_magic,
        };
        let map = create_mappable_value(u32::try_from(record::MAX).ok()?).ok()?;
        let program = open_files(&offsets, map.as_raw_fd())?;
        let iterator = run(function, &program).ok()?;
        Some(Self {
            iterator: rustix::io::fcntl_dupfd_cloexec(iterator, OUT_OF_THE_WAY).ok()?,
            buffer: vec![0; BLOCK],
            start: 0,
            end: 0,
            ended: false,
            text: Vec::new(),
        })
    }

    /// The number of the stream itself in this process.
    #[must_use]
    pub fn own_number(&self) -> Fd {
        Fd(self.iterator.as_raw_fd().cast_unsigned())
    }

    /// Hands over the descriptors of one process, ascending; returns how many. Processes must be
    /// asked for in ascending order: what lies before the one asked for is passed by.
    ///
    /// # Errors
    /// The stream broke off; what was handed over holds.
    pub fn of_process(
        &mut self,
        pid: Pid,
        each: &mut dyn FnMut(&OpenFile<'_>),
    ) -> Result<usize, Errno> {
        let mut count = 0;
        while let Some(length) = self.peek()? {
            let entry = self.buffer.get(self.start..self.start + length);
            let entry = entry.unwrap_or_default();
            let (tgid, task) = (u32_at(entry, record::TGID), u32_at(entry, record::PID));
            // The walk goes by the numbers of tasks.
            if task > pid.0 {
                break;
            }
            if task == pid.0 && tgid == task {
                each(&decode(entry, &mut self.text));
                count += 1;
            }
            self.start += length;
        }
        Ok(count)
    }

    /// The length of the record that comes next; `None` at the end.
    fn peek(&mut self) -> Result<Option<usize>, Errno> {
        while self.start == self.end && !self.ended {
            self.start = 0;
            self.end = 0;
            match rustix::io::read(&self.iterator, &mut self.buffer) {
                Ok(0) => self.ended = true,
                Ok(count) => self.end = count,
                // A million descriptors without one record: read on.
                Err(rustix::io::Errno::AGAIN | rustix::io::Errno::INTR) => {}
                Err(errno) => return Err(errno.into()),
            }
        }
        if self.ended {
            return Ok(None);
        }
        let left = self.buffer.get(self.start..self.end).unwrap_or_default();
        let length = u32_at(left, record::LENGTH) as usize;
        if (record::PATH..=left.len()).contains(&length) {
            Ok(Some(length))
        } else {
            Err(Errno(libc::EPROTO))
        }
    }
}

fn decode<'e>(entry: &'e [u8], text: &'e mut Vec<u8>) -> OpenFile<'e> {
    let (inode, magic) = (u64_at(entry, record::INO), u64_at(entry, record::MAGIC));
    let path = entry.get(record::PATH..).unwrap_or_default();
    let link = if magic == SOCKFS_MAGIC as u64 {
        text.clear();
        text.extend_from_slice(b"socket:[");
        text.extend_from_slice(inode.to_string().as_bytes());
        text.push(b']');
        Some(&text[..])
    } else {
        path.strip_suffix(&[0])
    };
    let stat = PLAIN.contains(&magic).then(|| FileStat {
        mode: u32_at(entry, record::MODE),
        device: device(u32_at(entry, record::DEV)),
        inode: Inode(inode),
        raw_device: device(u32_at(entry, record::RDEV)),
        size: u64_at(entry, record::SIZE),
        links: u32_at(entry, record::NLINK).into(),
    });
    let mode = u32_at(entry, record::F_MODE);
    OpenFile {
        fd: Fd(u32_at(entry, record::FD)),
        link,
        stat,
        reads: mode & FMODE_READ != 0,
        writes: mode & FMODE_WRITE != 0,
    }
}

/// The kernel's own `dev_t`: twelve bits of major, twenty of minor number.
fn device(number: u32) -> DeviceId {
    DeviceId::from_parts(number >> 20, number & 0xf_ffff)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::procfs::ProcRoot;
    use crate::procfs::process::{LinkBuffer, ProcessDir, open_root};
    use std::os::fd::AsFd as _;

    #[test]
    #[allow(clippy::print_stdout, reason = "a test says what it skipped")]
    fn the_walk_tells_descriptors_like_proc() {
        if !super::super::sees_everything() {
            println!("skipped: needs root in the initial pid namespace");
            return;
        }
        let Some(mut walk) = OpenFiles::open() else {
            println!("skipped: the kernel has no such iterator or forbids it");
            return;
        };
        let directory = std::env::temp_dir().join(format!("open-files-{}", std::process::id()));
        std::fs::create_dir(&directory).expect("a directory");
        let mut held: Vec<OwnedFd> = Vec::new();
        for (number, name) in ["a", "with blank", "with\nnewline", "gone"]
            .iter()
            .enumerate()
        {
            let path = directory.join(name);
            std::fs::write(&path, vec![b'x'; number * 1000]).expect("a file");
            let mut options = std::fs::OpenOptions::new();
            options.read(number % 2 == 0).write(number > 0);
            held.push(options.open(&path).expect("a file").into());
        }
        std::fs::remove_file(directory.join("gone")).expect("a file");
        held.push(std::fs::File::open("/dev/null").expect("a device").into());
        held.push(std::fs::File::open(&directory).expect("a directory").into());
        held.push(
            std::net::UdpSocket::bind("127.0.0.1:0")
                .expect("a socket")
                .into(),
        );
        let (reader, writer) = std::io::pipe().expect("a pipe");
        held.push(reader.into());
        held.push(writer.into());
        held.push(std::fs::File::open("/proc/version").expect("a file").into());

        let own = Pid(std::process::id());
        let root = open_root(&ProcRoot::live()).expect("/proc");
        let process = ProcessDir::open(root.as_fd(), own).expect("this process");
        let files = process.files().expect("its descriptors");
        let numbers: Vec<u32> = held
            .iter()
            .map(|one| one.as_raw_fd().cast_unsigned())
            .collect();
        let mut buffer = LinkBuffer::new();
        let mut told = 0;
        walk.of_process(own, &mut |open| {
            // Other tests' descriptors come and go; those held here stay.
            if !numbers.contains(&open.fd.0) {
                return;
            }
            told += 1;
            let text = files.link(open.fd, &mut buffer).expect("a link");
            assert_eq!(open.link, Some(text));
            let stat = FileStat::from(files.stat(open.fd).expect("a file"));
            assert!(
                open.stat.is_none_or(|told| told == stat),
                "{open:?} {stat:?}"
            );
            let link = FileStat::from(files.stat_link(open.fd).expect("a link"));
            assert_eq!(open.reads, link.mode & 0o400 != 0);
            assert_eq!(open.writes, link.mode & 0o200 != 0);
        })
        .expect("a whole stream");
        std::fs::remove_dir_all(&directory).expect("a directory");
        assert_eq!(told, held.len());
    }
}
