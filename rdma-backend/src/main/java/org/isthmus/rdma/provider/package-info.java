/** DiSNI's verbs API over the libraries' own calls, without a native library of DiSNI's. */
package org.isthmus.rdma.provider;
