/** The backend {@code rdma}: one queue pair for each shard and node, over DiSNI's verbs API and our extension of it. */
package org.isthmus.rdma.backend;
