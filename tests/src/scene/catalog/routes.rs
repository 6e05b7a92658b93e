//! Routing tables of both families, with every kind of route that shows.

use std::io;

use super::{Load, Scene};
use crate::scene::rtnl::{Net, Route};
use crate::scene::stage::Stage;

pub(super) const SCENE: Scene = Scene {
    name: "routes",
    about: "IPv4 and IPv6 routes of every kind",
    build,
    roles: &[],
};

const BLACKHOLE: u8 = 6;
const UNREACHABLE: u8 = 7;
const PROHIBIT: u8 = 8;
const THROW: u8 = 9;
const MTU: u16 = 2;
const WINDOW: u16 = 3;
const RTT: u16 = 4;
const ADVMSS: u16 = 8;
const ON_LINK: u32 = 4;

fn build(stage: &mut Stage, _: &Load) -> io::Result<()> {
    let mut net = Net::open()?;
    let hardware = |last| [2, 0, 0, 0, 98, last];
    for (index, (name, peer)) in [("veth0", "veth1"), ("averylongname15", "short0")]
        .into_iter()
        .enumerate()
    {
        let first = 2 * index as u8;
        net.add_pair(name, peer, [hardware(first), hardware(first + 1)], None)?;
        for end in [name, peer] {
            net.up(end)?;
        }
        stage.facts.tell(&format!("ROUTE_{index}_DEV"), name);
    }
    net.add_address("veth0", "10.98.0.10/24", None, None)?;
    net.add_address("averylongname15", "192.168.100.1/30", None, None)?;
    net.add_address("veth0", "2001:db8:98::10/64", None, None)?;
    net.add_address("veth0", "fe80::98/64", None, None)?;
    for route in four() {
        add(stage, &mut net, &route);
    }
    for route in six() {
        add(stage, &mut net, &route);
    }
    Ok(())
}

fn add(stage: &mut Stage, net: &mut Net, route: &Route<'_>) {
    stage.attempt(&format!("route to {}", route.to), |_| net.add_route(route));
}

fn four() -> Vec<Route<'static>> {
    let gate = Some("10.98.0.1");
    let veth = Some("veth0");
    let via = |to| Route {
        via: gate,
        device: veth,
        ..Route::to(to)
    };
    let refusing = |to, kind| Route {
        kind,
        ..Route::to(to)
    };
    vec![
        via("0.0.0.0/0"),
        Route {
            metric: 4_294_967_295,
            ..via("0.0.0.0/0")
        },
        Route {
            metric: 100,
            metrics: &[(WINDOW, 8000), (RTT, 800), (ADVMSS, 1400), (MTU, 1300)],
            ..via("10.97.0.0/16")
        },
        Route {
            metrics: &[(ADVMSS, 65_495)],
            ..via("10.96.0.0/15")
        },
        Route {
            device: veth,
            ..Route::to("10.95.0.0/24")
        },
        refusing("10.94.1.1", UNREACHABLE),
        refusing("10.94.2.0/24", PROHIBIT),
        Route {
            metric: 77,
            ..refusing("10.94.3.0/24", BLACKHOLE)
        },
        refusing("10.94.4.0/24", THROW),
        Route {
            hops: &[
                ("10.98.0.1", "veth0", 1),
                ("192.168.100.2", "averylongname15", 5),
                ("10.98.0.2", "veth0", 200),
            ],
            ..Route::to("10.93.0.0/16")
        },
        Route {
            via: Some("2001:db8:98::1"),
            device: veth,
            ..Route::to("10.92.0.0/16")
        },
        Route {
            via: Some("10.1.2.3"),
            device: veth,
            flags: ON_LINK,
            ..Route::to("10.91.0.0/16")
        },
        via("10.90.0.1"),
        Route {
            protocol: 16,
            ..via("192.0.2.128/25")
        },
        Route {
            via: Some("192.168.100.2"),
            device: Some("averylongname15"),
            metric: 1024,
            ..Route::to("198.51.100.0/22")
        },
        // The name of this network is longer than its column.
        via("10.88.0.0/16"),
        // Other tables are not shown for this family.
        Route {
            table: 100,
            ..via("10.87.0.0/16")
        },
        via("255.255.255.254"),
        via("128.0.0.0/1"),
    ]
}

fn six() -> Vec<Route<'static>> {
    let gate = Some("2001:db8:98::1");
    let veth = Some("veth0");
    let via = |to| Route {
        via: gate,
        device: veth,
        ..Route::to(to)
    };
    let refusing = |to, kind| Route {
        kind,
        ..Route::to(to)
    };
    vec![
        via("::/0"),
        Route {
            metric: 4_294_967_295,
            ..via("::/0")
        },
        Route {
            via: Some("fe80::1"),
            device: veth,
            metric: 10,
            ..Route::to("2001:db8:1::/48")
        },
        via("2001:db8:1234:5678:9abc:def0:1234:5678"),
        refusing("2001:db8:2::/48", UNREACHABLE),
        refusing("2001:db8:3::/48", BLACKHOLE),
        refusing("2001:db8:4::/48", PROHIBIT),
        refusing("2001:db8:5::/48", THROW),
        via("::ffff:0.0.0.0/96"),
        via("::ffff:10.0.0.0/104"),
        via("64:ff9b::/96"),
        via("64:ff9b::1.2.3.4"),
        via("::1.2.3.4"),
        via("::2"),
        via("::0.1.0.0/112"),
        Route {
            hops: &[
                ("2001:db8:98::1", "veth0", 1),
                ("2001:db8:98::2", "veth0", 3),
            ],
            ..Route::to("2001:db8:6::/48")
        },
        Route {
            table: 100,
            ..via("2001:db8:7::/48")
        },
        Route {
            table: 1000,
            metrics: &[(MTU, 1280), (ADVMSS, 1220)],
            ..via("2001:db8:8::/48")
        },
        Route {
            device: Some("averylongname15"),
            metric: 7,
            ..Route::to("fd00:1:2:3:4:5:6:0/112")
        },
        Route {
            device: Some("lo"),
            ..Route::to("fd00::/8")
        },
    ]
}
