using AppAttach.Listener.Ledger;

namespace AppAttach.Listener.Tests.Commands;

internal sealed class CrashingLedgerStore(ILedgerStore inner, CrashPoints points) : ILedgerStore
{
    public IReadOnlyList<string> List(string folder) => inner.List(folder);

    public byte[]? Read(string folder, string name) => inner.Read(folder, name);

    public void Write(string folder, string name, byte[] content) => points.Around(() => inner.Write(folder, name, content));

    public void Delete(string folder, string name) => points.Around(() => inner.Delete(folder, name));
}
