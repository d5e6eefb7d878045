return (int)AppAttach.Contracts.ExitCode.Usage;
