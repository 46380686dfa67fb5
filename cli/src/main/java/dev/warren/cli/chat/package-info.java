/// `warren chat`: a conversation in the terminal, by the events of its stream.
@NullMarked
package dev.warren.cli.chat;

import org.jspecify.annotations.NullMarked;
