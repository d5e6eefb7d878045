using AppAttach.Imaging.Volumes.Ntfs;
using AppAttach.Imaging.Volumes.Reading;

namespace AppAttach.Imaging.Checking;

/// <summary>Checks $Secure: descriptors, their copies, both indexes, and that every security id in use has a descriptor.</summary>
/// <param name="volume">The volume.</param>
/// <param name="state">What the first pass remembered.</param>
/// <param name="isOwn">Whether the writer here made it: then nothing stands between the entries of $SDS.</param>
/// <param name="findings">Takes what is wrong.</param>
internal sealed class SecurityChecker(VolumeReader volume, VolumeState state, bool isOwn, FindingList findings)
{
    private const string Place = "$Secure";
    private const int PairBytes = 2 * SecurityDescriptorEntry.CopyDistanceBytes;

    // Windows keeps a few hundred descriptors, an app attach image a handful. This is what is read of a broken one.
    private const long MaximumStreamBytes = 64L << 20;

    /// <summary>Makes the checks.</summary>
    /// <exception cref="InvalidInputException">$Secure cannot be read.</exception>
    public void Check()
    {
        var record = volume.ReadRecord(SystemRecord.Secure);
        var entries = ReadStream(record);
        CheckIndex(record, "$SII", entries, entry => BitConverter.GetBytes(entry.SecurityId), entry => entry.SecurityId);
        CheckIndex(
            record,
            "$SDH",
            entries,
            entry => [.. BitConverter.GetBytes(entry.Hash), .. BitConverter.GetBytes(entry.SecurityId)],
            entry => ((ulong)entry.Hash << 32) | entry.SecurityId);
        foreach (var (id, user) in state.SecurityIds)
        {
            findings.Require(entries.ContainsKey(id), "security-id", $"file record {user}", $"Its security id {id} has no descriptor.");
        }
    }

    private Dictionary<uint, SecurityDescriptorEntry> ReadStream(FileRecord record)
    {
        var stream = volume.OpenAttribute(record, AttributeType.Data, "$SDS")
            ?? throw CorruptVolume.Because("security stream", "$SDS is missing");
        if (stream.Length > MaximumStreamBytes)
        {
            throw CorruptVolume.Because("security stream", $"has {stream.Length} bytes; up to {MaximumStreamBytes} are checked");
        }

        var bytes = new byte[stream.Length];
        stream.Read(0, bytes);
        var entries = new Dictionary<uint, SecurityDescriptorEntry>();
        for (var offset = 0; offset + SecurityDescriptorEntry.Size <= bytes.Length;)
        {
            var left = SecurityDescriptorEntry.CopyDistanceBytes - (offset % SecurityDescriptorEntry.CopyDistanceBytes);
            if (left < SecurityDescriptorEntry.Size || !bytes.AsSpan(offset, SecurityDescriptorEntry.Size).ContainsAnyExcept((byte)0))
            {
                // The rest of this half is empty, or too short for an entry: on to the next pair of halves.
                offset = (offset / PairBytes * PairBytes) + PairBytes;
                continue;
            }

            var entry = SecurityDescriptorEntry.Read(bytes.AsSpan(offset));
            CheckEntry(bytes, offset, entry);
            findings.Require(entries.TryAdd(entry.SecurityId, entry), "secure-entry", Place, $"Security id {entry.SecurityId} is there twice.");
            offset += (entry.LengthBytes + SecurityDescriptorEntry.Alignment - 1) & -SecurityDescriptorEntry.Alignment;
            if (offset / SecurityDescriptorEntry.CopyDistanceBytes % 2 != 0)
            {
                offset = (offset / PairBytes * PairBytes) + PairBytes;
            }
        }

        findings.Require(!isOwn || IsNothingElseIn(bytes, entries.Values), "secure-entry", Place, "Something stands between the entries of $SDS.");
        return entries;
    }

    private static bool IsNothingElseIn(byte[] stream, IEnumerable<SecurityDescriptorEntry> entries)
    {
        var rest = (byte[])stream.Clone();
        foreach (var entry in entries)
        {
            rest.AsSpan((int)entry.Offset, entry.LengthBytes).Clear();
            rest.AsSpan((int)entry.Offset + SecurityDescriptorEntry.CopyDistanceBytes, entry.LengthBytes).Clear();
        }

        return !rest.AsSpan().ContainsAnyExcept((byte)0);
    }

    private void CheckEntry(byte[] bytes, int offset, SecurityDescriptorEntry entry)
    {
        if (entry.Offset != offset || entry.LengthBytes > bytes.Length - SecurityDescriptorEntry.CopyDistanceBytes - offset)
        {
            throw CorruptVolume.Because("security stream", $"has an entry of {entry.LengthBytes} bytes at {offset} that says it is at {entry.Offset}");
        }

        var whole = bytes.AsSpan(offset, entry.LengthBytes);
        findings.Require(
            SecurityDescriptorEntry.HashOf(whole[SecurityDescriptorEntry.Size..]) == entry.Hash,
            "secure-entry",
            Place,
            $"The descriptor of security id {entry.SecurityId} does not have the hash that is written before it.");
        findings.Require(
            whole.SequenceEqual(bytes.AsSpan(offset + SecurityDescriptorEntry.CopyDistanceBytes, entry.LengthBytes)),
            "secure-entry",
            Place,
            $"The copy of security id {entry.SecurityId} differs.");
    }

    private void CheckIndex(
        FileRecord record,
        string name,
        Dictionary<uint, SecurityDescriptorEntry> entries,
        Func<SecurityDescriptorEntry, byte[]> keyOf,
        Func<SecurityDescriptorEntry, ulong> rankOf)
    {
        var index = new IndexReader(volume, record, name);
        var walk = new IndexWalk(index, findings, $"{Place}:{name}");
        var count = 0;
        ulong before = 0;
        foreach (var entry in walk.Enumerate())
        {
            count++;
            var header = entry.Header;
            var isRight = header.DataLengthBytes >= SecurityDescriptorEntry.Size && header.DataOffset + header.DataLengthBytes <= header.LengthBytes
                && SecurityDescriptorEntry.Read(entry.Bytes.Span[header.DataOffset..]) is var named
                && entries.TryGetValue(named.SecurityId, out var stored) && named == stored
                && entry.Key.Span.SequenceEqual(keyOf(stored));
            if (!findings.Require(isRight, "secure-index", $"{Place}:{name}", $"Its entry {count} does not fit any descriptor."))
            {
                return;
            }

            var rank = rankOf(SecurityDescriptorEntry.Read(entry.Bytes.Span[header.DataOffset..]));
            findings.Require(rank > before, "secure-index", $"{Place}:{name}", $"Its entry {count} is not in order.");
            before = rank;
        }

        findings.Require(
            count == entries.Count, "secure-index", $"{Place}:{name}", $"It has {count} entries for {entries.Count} descriptors.");
        walk.CheckBitmap(volume.OpenAttribute(record, AttributeType.Bitmap, name));
    }
}
