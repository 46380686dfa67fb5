package dev.warren.daemon.ssh;

import java.io.IOException;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.channel.Channel;
import org.apache.sshd.common.channel.ChannelFactory;
import org.apache.sshd.common.channel.RequestHandler;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.server.channel.ChannelSession;

/// A session's channel that knows whether a terminal was asked for, and can say which signal ended
/// the program.
final class ProgramChannel extends ChannelSession {
  private static final int REQUEST_BYTES = 64;

  /// Makes them for all sessions.
  static final ChannelFactory FACTORY =
      new ChannelFactory() {
        @Override
        public String getName() {
          return "session";
        }

        @Override
        public Channel createChannel(Session session) {
          return new ProgramChannel();
        }
      };

  private volatile boolean terminal;

  boolean hasTerminal() {
    return terminal;
  }

  @Override
  protected RequestHandler.Result handlePtyReq(Buffer buffer, boolean wantReply)
      throws IOException {
    terminal = true;
    return super.handlePtyReq(buffer, wantReply);
  }

  /// Ends the channel with RFC 4254's `exit-signal` (section 6.10) instead of an exit status.
  ///
  /// @param signal without `SIG`
  void endBySignal(String signal) throws IOException {
    if (exitStatusSent.getAndSet(true) || isClosing()) {
      return;
    }
    sendEof();
    Buffer request = getSession().createBuffer(SshConstants.SSH_MSG_CHANNEL_REQUEST, REQUEST_BYTES);
    request.putUInt(getRecipient());
    request.putString("exit-signal");
    request.putBoolean(false); // no reply
    request.putString(signal);
    request.putBoolean(false); // whether it dumped core
    request.putString(""); // no message
    request.putString("");
    writePacket(request);
    commandExitFuture.setClosed();
    close(false);
  }
}
