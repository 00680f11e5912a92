#!/bin/bash
# A private network, a DMZ and an internet on one machine, parted by stateful
# firewalls that drop and record every packet no pinhole allows.
#
#   lab.sh up | down                   build it; stop its processes and remove it
#   lab.sh exec HOST COMMAND...        run COMMAND on HOST
#   lab.sh pinholes FILE [TABLE...]    allow FILE's rows (of the named tables), no others
#   lab.sh rules FIREWALL FILE         firewall inside or outside allows FILE's nft rules, no others
#   lab.sh drops                       what the firewalls dropped, as JSON
#   lab.sh hosts                       host, zone and address, a line each
#
# LAB names the lab, so that several can run side by side (default: lab).
# UDP_TIMEOUT is how long a firewall waits for a reply, in seconds (default: 20);
# NAT_TIMEOUT is the home router's (default: 120, the least of RFC 4787 REQ-5).
# Host "wire" holds the switches: one bridge per zone, where a capture sees it all.
set -euo pipefail

LAB=${LAB:-lab}
UDP_TIMEOUT=${UDP_TIMEOUT:-20}
NAT_TIMEOUT=${NAT_TIMEOUT:-120}

# host zone address gateway resolver
HOSTS='
manager    private  192.0.2.5      192.0.2.1      192.0.2.53
control    private  192.0.2.10     192.0.2.1      192.0.2.53
phone1     private  192.0.2.21     192.0.2.1      192.0.2.53
phone2     private  192.0.2.22     192.0.2.1      192.0.2.53
ucm        private  192.0.2.40     192.0.2.1      192.0.2.53
imp        private  192.0.2.41     192.0.2.1      192.0.2.53
voicemail  private  192.0.2.42     192.0.2.1      192.0.2.53
directory  private  192.0.2.50     192.0.2.1      192.0.2.53
ntp        private  192.0.2.51     192.0.2.1      192.0.2.53
syslog     private  192.0.2.52     192.0.2.1      192.0.2.53
dns        private  192.0.2.53     192.0.2.1      192.0.2.53
edge       dmz      198.51.100.10  198.51.100.2   203.0.113.53
public     internet 203.0.113.20   203.0.113.1    203.0.113.53
publicdns  internet 203.0.113.53   203.0.113.1    203.0.113.53
remote1    remote   203.0.113.131  203.0.113.129  203.0.113.53
remote2    remote   203.0.113.132  203.0.113.129  203.0.113.53
'

# router zone address zone address
ROUTERS='
inside   private 192.0.2.1     dmz      198.51.100.1
outside  dmz     198.51.100.2  internet 203.0.113.1
nat      remote  203.0.113.129 internet 203.0.113.30
'

ZONES='private dmz internet remote'

fail() {
    echo "lab.sh: $*" >&2
    exit 1
}

rows() {
    sed '/^$/d' <<<"$1"
}

# internet and remote share a /24, half each
prefix_length() {
    case $1 in
        internet | remote) echo 25 ;;
        *) echo 24 ;;
    esac
}

namespaces() {
    ip netns list | sed -n "s/^\($LAB-[a-z0-9]*\)\( .*\)\?$/\1/p"
}

add_namespace() {
    ip netns add "$LAB-$1"
    ip netns exec "$LAB-$1" sh -c 'echo 1 >/proc/sys/net/ipv6/conf/all/disable_ipv6'
    ip -n "$LAB-$1" link set lo up
}

# Links HOST to ZONE's switch by an interface named after the zone.
plug() {
    local host=$1 zone=$2 address=$3
    ip -n "$LAB-wire" link add "$host-${zone:0:3}" master "$zone" up \
        type veth peer name "$zone" netns "$LAB-$host"
    ip -n "$LAB-$host" address add "$address/$(prefix_length "$zone")" dev "$zone"
    ip -n "$LAB-$host" link set "$zone" up
}

add_host() {
    local host=$1 zone=$2 address=$3 gateway=$4 resolver=$5
    add_namespace "$host"
    plug "$host" "$zone" "$address"
    ip -n "$LAB-$host" route add default via "$gateway"
    # again if another lab, on its way down, has just removed the empty parent
    mkdir -p "/etc/netns/$LAB-$host" 2>/dev/null || mkdir -p "/etc/netns/$LAB-$host"
    echo "nameserver $resolver" >"/etc/netns/$LAB-$host/resolv.conf"
}

add_router() {
    local router=$1 zone1=$2 address1=$3 zone2=$4 address2=$5 timeout=$UDP_TIMEOUT
    [[ $router != nat ]] || timeout=$NAT_TIMEOUT
    add_namespace "$router"
    plug "$router" "$zone1" "$address1"
    plug "$router" "$zone2" "$address2"
    # loose=0: a TCP connection is only ever opened by its SYN
    ip netns exec "$LAB-$router" sh -c "cd /proc/sys/net && echo 1 >ipv4/ip_forward &&
        cd netfilter && echo 0 >nf_conntrack_tcp_loose &&
        echo $timeout | tee nf_conntrack_udp_timeout >nf_conntrack_udp_timeout_stream"
    firewall "$timeout" "$zone1" "$zone2" | ip netns exec "$LAB-$router" nft -f -
}

# A firewall that allows replies and nothing else. Chain "allow" takes the pinholes;
# the counter and the set named after a zone record what was dropped on its way from there.
# Conntrack alone would let a UDP flow live on replies; set "sent" lets a reply through
# only for the timeout after the last packet sent, which is all that can be relied upon.
firewall() {
    local timeout=$1 zone
    shift
    echo 'table ip lab {'
    echo 'chain allow { }'
    for zone in "$@"; do
        echo "counter $zone { }"
        echo "set $zone { typeof ip saddr . ip daddr . ip protocol . th sport . th dport"
        echo 'flags dynamic; size 65535; counter; }'
    done
    echo 'chain deny {'
    for zone in "$@"; do
        echo "iifname $zone counter name $zone"
        echo "iifname $zone update @$zone { ip saddr . ip daddr . ip protocol . th sport . th dport }"
    done
    echo "drop; }
        set sent { typeof ip saddr . ip daddr . udp sport . udp dport
            flags dynamic, timeout; timeout ${timeout}s; size 65535; }
        chain forward { type filter hook forward priority filter; policy drop
            ip daddr . ip saddr . udp dport . udp sport @sent accept
            ip protocol udp jump allow
            ip protocol != udp ct state established,related accept
            ct state new jump allow
            jump deny; }
        chain passed { type filter hook forward priority filter + 1
            ct direction original update @sent { ip saddr . ip daddr . udp sport . udp dport }; }
        chain input { type filter hook input priority filter; policy drop; jump deny; }
    }"
}

up() {
    [[ -z $(namespaces) ]] || fail "lab $LAB is already up"
    trap down EXIT
    add_namespace wire
    local zone host router fields
    for zone in $ZONES; do
        ip -n "$LAB-wire" link add "$zone" up type bridge
    done
    while read -ra fields; do add_host "${fields[@]}"; done < <(rows "$HOSTS")
    while read -ra fields; do add_router "${fields[@]}"; done < <(rows "$ROUTERS")

    ip -n "$LAB-edge" route add 192.0.2.0/24 via 198.51.100.1
    ip -n "$LAB-outside" route add 192.0.2.0/24 via 198.51.100.1
    ip -n "$LAB-inside" route add default via 198.51.100.2
    ip -n "$LAB-nat" route add default via 203.0.113.1
    # A home router that knows no SIP: every flow leaves from a new random port.
    ip netns exec "$LAB-nat" nft -f - <<'NAT'
        add rule ip lab allow iifname remote accept
        add chain ip lab source { type nat hook postrouting priority srcnat; }
        add rule ip lab source oifname internet masquerade fully-random
NAT
    trap - EXIT
}

down() {
    local namespace pids
    for namespace in $(namespaces); do
        while pids=$(ip netns pids "$namespace") && [[ -n $pids ]]; do
            # shellcheck disable=SC2086 # a list of process ids
            kill -KILL $pids 2>/dev/null || true
            sleep 0.01
        done
        ip netns delete "$namespace"
        rm -rf "/etc/netns/$namespace"
    done
    rmdir /etc/netns 2>/dev/null || true
}

run() {
    local host=$1
    shift
    exec ip netns exec "$LAB-$host" "$@"
}

# The nft commands that make a router allow FILE's rows of the named tables, or all rows.
# Columns: table direction from-zone from-host to-zone to-host protocol source-ports
# destination-ports purpose letters note. A row within one zone needs no pinhole.
pinhole_rules() {
    awk -F'\t' -v wanted=" $3 " -v router="$1" '
        function address(side, host) {
            if (host == "any") return ""
            if (!(host in addresses)) { print "no host " host >"/dev/stderr"; exit 1 }
            return "ip " side "addr " addresses[host]
        }
        FNR == NR { split($0, host, " +"); addresses[host[1]] = host[3]; next }
        FNR == 1 { print "flush chain ip lab allow"; next }
        $3 == $5 || wanted != "  " && !index(wanted, " " $1 " ") { next }
        ($3 == "internet" || $5 == "internet") != (router == "outside") { next }
        {
            protocol = $7 == "tls" ? "tcp" : $7
            print "add rule ip lab allow iifname", $3, "oifname", $5,
                address("s", $4), address("d", $6), protocol, "sport {", $8, "}",
                protocol, "dport {", $9, "} counter accept comment \"" $1 ": " $10 "\""
        }' <(rows "$HOSTS") "$2"
}

pinholes() {
    local file=$1 table router
    shift
    for table in "$@"; do
        grep -q "^$table"$'\t' "$file" || fail "$file has no table $table"
    done
    for router in inside outside; do
        pinhole_rules "$router" "$file" "$*" | ip netns exec "$LAB-$router" nft -f -
    done
}

# The nft commands that make a firewall allow FILE's rules, which are rule bodies as
# "fosse ports --format nft --rules-only" prints them. A rule names no interface: the
# product knows zones, not wires; the comment's FROM>TO says which of ours are meant.
commented_rules() {
    awk -v router="$1" '
        BEGIN { print "flush chain ip lab allow" }
        /^[ \t]*(#.*)?$/ || /^[ \t]*ip6 / { next }
        !match($0, /comment "[^ "]+ [a-z]+>[a-z]+: /) { print "no zones in: " $0 >"/dev/stderr"; exit 1 }
        {
            split(substr($0, RSTART, RLENGTH), word, /[ >:]/)
            if ((word[3] == "internet" || word[4] == "internet") != (router == "outside")) {
                print "not a rule of firewall " router ": " $0 >"/dev/stderr"; exit 1
            }
            print "add rule ip lab allow iifname", word[3], "oifname", word[4], $0
        }' "$2"
}

rules() {
    local commands
    [[ $1 == inside || $1 == outside ]] || fail "no firewall $1"
    commands=$(commented_rules "$1" "$2") || fail "$2 was not loaded"
    ip netns exec "$LAB-$1" nft -f - <<<"$commands"
}

# The flows that a router dropped on their way from a zone, as JSON objects.
dropped_flows() {
    ip netns exec "$LAB-$1" nft -nn list set ip lab "$2" | tr -d '\n' |
        grep -oE '[0-9.]+ \. [0-9.]+ \. [0-9]+ \. [0-9]+ \. [0-9]+ counter packets [0-9]+' |
        awk '{ printf "%s{\"from\":\"%s\",\"to\":\"%s\",\"protocol\":%s,\"sport\":%s,\"dport\":%s,\"packets\":%s}",
               (NR > 1 ? "," : ""), $1, $3, $5, $7, $9, $12 }' || true
}

dropped_packets() {
    ip netns exec "$LAB-$1" nft list counter ip lab "$2" | awk '$1 == "packets" { print $2 }'
}

drops() {
    local router zone1 zone2 zone separator=
    printf '['
    while read -r router zone1 _ zone2 _; do
        for zone in "$zone1" "$zone2"; do
            printf '%s\n{"firewall":"%s","from":"%s","packets":%s,"flows":[%s]}' "$separator" \
                "$router" "$zone" "$(dropped_packets "$router" "$zone")" \
                "$(dropped_flows "$router" "$zone")"
            separator=,
        done
    done < <(rows "$ROUTERS")
    printf '\n]\n'
}

command=${1:-}
[[ $# -eq 0 ]] || shift
case $command in
    exec | pinholes | rules | drops) [[ -n $(namespaces) ]] || fail "lab $LAB is not up" ;;
esac
case $command in
    up | down | drops) "$command" ;;
    exec) [[ $# -ge 2 ]] || fail 'exec HOST COMMAND...'; run "$@" ;;
    pinholes) [[ $# -ge 1 ]] || fail 'pinholes FILE [TABLE...]'; pinholes "$@" ;;
    rules) [[ $# -eq 2 ]] || fail 'rules inside|outside FILE'; rules "$@" ;;
    hosts) rows "$HOSTS" | awk '{ print $1, $2, $3 }' ;;
    *) fail 'up | down | exec | pinholes | rules | drops | hosts' ;;
esac
