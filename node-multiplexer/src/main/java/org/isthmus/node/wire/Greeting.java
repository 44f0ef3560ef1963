package org.isthmus.node.wire;

/**
 * What the dialling side of a connection says about it.
 *
 * @param node index of the node that dials
 * @param peer index of the node that is meant
 * @param shard index of the shard, equal on both sides
 * @param purpose the backend's number for what the connection is for
 * @param slot the backend's number of the connection among those of the pair
 * @param incarnation tells a process from an earlier or later one of the same node
 */
public record Greeting(int node, int peer, int shard, int purpose, int slot, long incarnation) {}
