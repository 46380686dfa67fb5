package dev.warren.server.workspace.sandbox;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/// The system call filter of a sandbox, as the classic BPF program that bubblewrap's `--seccomp`
/// takes (`struct sock_filter[]`, little-endian).
///
/// A small deny list: what development work never needs and break-outs do. Another architecture's
/// calls kill the process; 32-bit numbers on x86-64 (x32) and `clone3` say ENOSYS, whereupon
/// libraries fall back to `clone`, whose flags can be looked at; new user namespaces, input
/// injection into terminals (TIOCSTI, TIOCLINUX) and the calls of the table say EPERM. `ptrace`
/// stays, debuggers need it.
final class SeccompProgram {
  private static final int EPERM = 1;
  private static final int ENOSYS = 38;

  // linux/seccomp.h and linux/bpf_common.h
  private static final int RET_ALLOW = 0x7fff0000;
  private static final int RET_KILL_PROCESS = 0x80000000;
  private static final int RET_ERRNO = 0x00050000;
  private static final short LOAD_WORD = 0x20; // BPF_LD | BPF_W | BPF_ABS
  private static final short JUMP_EQUAL = 0x15; // BPF_JMP | BPF_JEQ | BPF_K
  private static final short JUMP_AT_LEAST = 0x35; // BPF_JMP | BPF_JGE | BPF_K
  private static final short JUMP_ANY_BIT = 0x45; // BPF_JMP | BPF_JSET | BPF_K
  private static final short RETURN = 0x06; // BPF_RET | BPF_K

  // struct seccomp_data: the low words, as both architectures are little-endian
  private static final int OFFSET_NUMBER = 0;
  private static final int OFFSET_ARCHITECTURE = 4;
  private static final int OFFSET_ARGUMENT_0 = 16;
  private static final int OFFSET_ARGUMENT_1 = 24;

  private static final int CLONE_NEWUSER = 0x10000000;
  private static final int TIOCSTI = 0x5412;
  private static final int TIOCLINUX = 0x541c;
  private static final int X32_BIT = 0x40000000;
  private static final int CLONE3 = 435;

  /// Denied on both architectures under one number (calls since Linux 5.1 share it).
  private static final int[] DENIED_EVERYWHERE = {
    425, // io_uring_setup
    426, // io_uring_enter
    427, // io_uring_register
    428, // open_tree
    429, // move_mount
    430, // fsopen
    431, // fsconfig
    432, // fsmount
    433, // fspick
    442, // mount_setattr
    443, // quotactl_fd
    467, // open_tree_attr
  };

  /// What differs between architectures: numbers of linux/audit.h and of the system calls.
  private record Architecture(
      int audit, int cloneCall, int unshareCall, int ioctlCall, List<Integer> denied) {}

  private static final Architecture X86_64 =
      new Architecture(
          0xc000003e,
          56,
          272,
          16,
          numbers(
              165,
              166,
              155,
              161,
              308, // mount, umount2, pivot_root, chroot, setns
              248,
              249,
              250, // add_key, request_key, keyctl
              321,
              298,
              323, // bpf, perf_event_open, userfaultfd
              303,
              304, // name_to_handle_at, open_by_handle_at
              246,
              320,
              174,
              175,
              176,
              313, // kexec_load, kexec_file_load, *_module
              167,
              168,
              169,
              179,
              163, // swapon, swapoff, reboot, quotactl, acct
              172,
              173, // iopl, ioperm
              164,
              227,
              305,
              159, // settimeofday, clock_settime, clock_adjtime, adjtimex
              279,
              103,
              153, // move_pages, syslog, vhangup
              134,
              136,
              139,
              156, // uselib, ustat, sysfs, _sysctl
              177,
              178,
              180,
              212 // get_kernel_syms, query_module, nfsservctl, lookup_dcookie
              ));

  private static final Architecture AARCH64 =
      new Architecture(
          0xc00000b7,
          220,
          97,
          29,
          numbers(
              40,
              39,
              41,
              51,
              268, // mount, umount2, pivot_root, chroot, setns
              217,
              218,
              219, // add_key, request_key, keyctl
              280,
              241,
              282, // bpf, perf_event_open, userfaultfd
              264,
              265, // name_to_handle_at, open_by_handle_at
              104,
              294,
              105,
              106,
              273, // kexec_load, kexec_file_load, *_module
              224,
              225,
              142,
              60,
              89, // swapon, swapoff, reboot, quotactl, acct
              170,
              112,
              266,
              171, // settimeofday, clock_settime, clock_adjtime, adjtimex
              239,
              116,
              58, // move_pages, syslog, vhangup
              42,
              18 // nfsservctl, lookup_dcookie
              ));

  /// Room for the longest program: the kernel's own limit is 4096 instructions.
  private final ByteBuffer code = ByteBuffer.allocate(512 * 8).order(ByteOrder.LITTLE_ENDIAN);

  private SeccompProgram() {}

  private static List<Integer> numbers(Integer... systemCalls) {
    return List.of(systemCalls);
  }

  /// The filter for an architecture as `os.arch` names it: `amd64` or `aarch64`.
  static byte[] of(String osArch) throws SandboxException {
    return switch (osArch) {
      case "amd64", "x86_64" -> new SeccompProgram().build(X86_64);
      case "aarch64", "arm64" -> new SeccompProgram().build(AARCH64);
      default ->
          throw new SandboxException(
              "there is no system call filter for the processor architecture "
                  + osArch
                  + "; local workspaces run on x86-64 and arm64");
    };
  }

  private byte[] build(Architecture architecture) {
    load(OFFSET_ARCHITECTURE);
    jump(JUMP_EQUAL, architecture.audit(), 1, 0);
    give(RET_KILL_PROCESS);
    load(OFFSET_NUMBER);
    if (architecture.equals(X86_64)) {
      jump(JUMP_AT_LEAST, X32_BIT, 0, 1);
      give(RET_ERRNO | ENOSYS);
    }
    refuse(CLONE3, ENOSYS);
    for (int number : DENIED_EVERYWHERE) {
      refuse(number, EPERM);
    }
    for (int number : architecture.denied()) {
      refuse(number, EPERM);
    }
    // clone(flags, …), unshare(flags): no new user namespace
    jump(JUMP_EQUAL, architecture.cloneCall(), 1, 0);
    jump(JUMP_EQUAL, architecture.unshareCall(), 0, 4);
    load(OFFSET_ARGUMENT_0);
    jump(JUMP_ANY_BIT, CLONE_NEWUSER, 0, 1);
    give(RET_ERRNO | EPERM);
    give(RET_ALLOW);
    // ioctl(fd, request, …): the kernel looks at the request's low word only
    jump(JUMP_EQUAL, architecture.ioctlCall(), 0, 4);
    load(OFFSET_ARGUMENT_1);
    jump(JUMP_EQUAL, TIOCSTI, 1, 0);
    jump(JUMP_EQUAL, TIOCLINUX, 0, 1);
    give(RET_ERRNO | EPERM);
    give(RET_ALLOW);
    byte[] program = new byte[code.position()];
    code.flip().get(program);
    return program;
  }

  private void refuse(int number, int errno) {
    jump(JUMP_EQUAL, number, 0, 1);
    give(RET_ERRNO | errno);
  }

  private void load(int offset) {
    instruction(LOAD_WORD, 0, 0, offset);
  }

  private void give(int verdict) {
    instruction(RETURN, 0, 0, verdict);
  }

  /// Skips `matched` or `otherwise` of the following instructions.
  private void jump(short test, int operand, int matched, int otherwise) {
    instruction(test, matched, otherwise, operand);
  }

  private void instruction(short opcode, int matched, int otherwise, int operand) {
    code.putShort(opcode).put((byte) matched).put((byte) otherwise).putInt(operand);
  }
}
