using System.Security.Cryptography;
using System.Text;

namespace AppAttach.Pipeline.Orchestration;

/// <summary>Ids of instances and commands that are made of what they are for, so that asking twice starts one.</summary>
internal static class InstanceId
{
    private const int DigestBytes = 16;

    /// <summary>Makes one.</summary>
    /// <param name="prefix">What it begins with, such as <c>rollout-</c>.</param>
    /// <param name="subject">What it is for.</param>
    /// <returns>The prefix and 32 hexadecimal digits.</returns>
    public static string Of(string prefix, string subject) =>
        prefix + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(subject)).AsSpan(0, DigestBytes));
}
