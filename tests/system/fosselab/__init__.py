"""What the system tests are written with: a lab, the two nodes, phones, and what was heard.

lab       the networks and firewalls of lab/lab.sh, and sockets inside them
plan      rows of the port plan: which packets they allow, which pinholes open the same
capture   everything the switches saw, and the audit of our nodes' packets against the plan
audio     G.711 tones, and how to recognise them
phone     a phone whose every packet is under control
baresip   a real phone
nodes     Control and Edge: configuration, pairing, start, status, kill
scenario  parts of a scenario, their verdict as JSON, and the mutation of pinholes
"""
