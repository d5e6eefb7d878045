using System.Text.Json;
using AppAttach.Listener.Ledger;

namespace AppAttach.Listener.Tests.Commands;

internal sealed class CrashingLedgerStore(ILedgerStore inner, CrashPoints points) : ILedgerStore
{
    public IReadOnlyList<string> List(string folder) => inner.List(folder);

    public byte[]? Read(string folder, string name) => inner.Read(folder, name);

    public void Write(string folder, string name, byte[] content) => points.Around(Describe(name, content), () => inner.Write(folder, name, content));

    public void Delete(string folder, string name) => points.Around("delete " + name.Split('_').ElementAtOrDefault(1)?[0], () => inner.Delete(folder, name));

    // "write 1 staged", or of a command "write begun" and "write outcome".
    private static string Describe(string name, byte[] content)
    {
        if (name == "offers")
        {
            return "write offers";
        }

        var record = JsonSerializer.Deserialize(content, LedgerJson.Default.LedgerEntry)!.Content;
        return record.TryGetProperty("state", out var state) ? $"write {name.Split('_')[1][0]} {state.GetString()}"
            : record.GetProperty("outcome").ValueKind == JsonValueKind.Null ? "write begun"
            : "write outcome";
    }
}
